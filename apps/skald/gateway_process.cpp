#include "apps/skald/gateway_process.hpp"

#include "apps/skald/global_options.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace skald {

namespace {

// What the child prints up to the end of its first line, or of its output.
std::string first_line(int descriptor) {
  std::string result;
  for (char next = 0; ::read(descriptor, &next, 1) == 1 && next != '\n';)
    result += next;
  return result;
}

[[noreturn]] void be_gateway(int output, const std::string& ledger) {
  // Else one that is killed would leave its gateway behind.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  ::execl("/proc/self/exe", "skald", "gateway", "--port", "0", "--ledger", ledger.c_str(),
          static_cast<char*>(nullptr));
  ::_exit(127);
}

} // namespace

gateway_process::gateway_process(const std::filesystem::path& ledger) {
  int ends[2];
  if (::pipe(ends) != 0)
    throw user_error{std::string{"no pipe to a payment gateway: "} + std::strerror(errno)};
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[0]);
    be_gateway(ends[1], ledger.string());
  }
  const auto forked = errno;
  ::close(ends[1]);
  const auto port = child_ > 0 ? first_line(ends[0]) : "";
  ::close(ends[0]);
  if (child_ < 0)
    throw user_error{std::string{"the payment gateway cannot be started: "} +
                     std::strerror(forked)};
  if (port.empty()) {
    end();
    throw user_error{"the payment gateway did not start; `skald gateway --port 0 --ledger " +
                     ledger.string() + "` says why"};
  }
  address_ = "http://127.0.0.1:" + port;
}

gateway_process::~gateway_process() {
  end();
}

void gateway_process::end() {
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
}

} // namespace skald
