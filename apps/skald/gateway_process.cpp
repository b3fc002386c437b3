#include "apps/skald/gateway_process.hpp"

#include "apps/skald/global_options.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
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

// In a process that had threads, between fork and exec: calls nothing that might wait for one.
[[noreturn]] void be_gateway(int output, const char* ledger) {
  // Else one that is killed would leave its gateway behind.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(output, STDOUT_FILENO);
  ::execl("/proc/self/exe", "skald", "gateway", "--port", "0", "--ledger", ledger,
          static_cast<char*>(nullptr));
  ::_exit(127);
}

} // namespace

gateway_process::gateway_process(const std::filesystem::path& ledger) {
  const auto file = ledger.string();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw user_error{std::string{"no pipe to a payment gateway: "} + std::strerror(errno)};
  child_ = ::fork();
  if (child_ == 0)
    be_gateway(ends[1], file.c_str());
  const auto forked = errno;
  ::close(ends[1]);
  const auto port = child_ > 0 ? first_line(ends[0]) : "";
  ::close(ends[0]);
  if (child_ < 0)
    throw user_error{std::string{"the payment gateway cannot be started: "} +
                     std::strerror(forked)};
  if (port.empty()) {
    end();
    throw user_error{"the payment gateway did not start; `skald gateway --port 0 --ledger " + file +
                     "` says why"};
  }
  address_ = "http://127.0.0.1:" + port;
}

gateway_process::~gateway_process() {
  end();
}

std::filesystem::path gateway_process::ledger_beside(const std::filesystem::path& store) {
  std::filesystem::path result{store.string() + ".gateway"};
  if (std::filesystem::exists(result) && !std::filesystem::exists(store))
    throw user_error{result.string() + " is the ledger of a store that is gone; remove it, or "
                                       "give another --store"};
  return result;
}

void gateway_process::end() {
  ::kill(child_, SIGTERM);
  ::waitpid(child_, nullptr, 0);
}

} // namespace skald
