#pragma once

#include "actors/clock.hpp"
#include "actors/delivery.hpp"
#include "actors/reaction_flow.hpp"
#include "actors/registry.hpp"
#include "actors/runtime_context.hpp"
#include "persistence/journal.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace skald {

/// Registers the runtime's message types with CAF. Once, before the first actor system of the
/// process is made.
void init_actor_types();

/// A command as a client sends it.
struct client_command {
  address to;
  std::string type;    ///< `OpenAccount`
  byte_buffer payload; ///< CBOR map of the command's fields

  std::string message_id;  ///< any text; the same text is the same message; empty: a new message
  std::string correlation; ///< empty: the id of the receiver, which starts the transaction
  std::string by;          ///< who sends it
  std::optional<std::uint64_t> expected_version;
  std::optional<timestamp> first_sent; ///< of a message that is sent again, if the client knows

  /// Answer with the outcome of the saga that the command starts, not with the command's own.
  bool until_saga_ends = false;
};

/// `C` as a client's command to `Target`.
template <class Target, class C>
client_command command_to(std::string id, const C& command) {
  client_command result;
  result.to = {std::string{Target::type_name}, std::move(id)};
  result.type = C::type_name;
  encode(command, result.payload);
  return result;
}

/// Runs aggregates, sagas and reactors inside an actor system that belongs to somebody else. Making
/// one takes the place of recovery: unfinished sagas go on, deadlines that have passed meanwhile
/// fire.
class runtime {
public:
  /// @throws store_error if the journal cannot be read.
  runtime(caf::actor_system& system, registry types, std::unique_ptr<journal> log,
          runtime_options options = {},
          std::shared_ptr<const clock> time = std::make_shared<wall_clock>());

  /// Stops, if that has not been done.
  ~runtime();

  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  // -- for threads that may wait
  // ---------------------------------------------------------------------------

  std::future<outcome_ptr> ask(client_command command);
  std::future<entity_view> show(address self);

  // -- for actors, and for anybody who must not wait
  // -------------------------------------------------------

  /// `receiver` gets the answer as a message `outcome_ptr`; its `answers` is the value returned
  /// here.
  message_id ask(client_command command, caf::actor receiver);

  /// `reply` may be null.
  message_id submit(client_command command, reply_channel_ptr reply);

  /// Several in one message to the directory. For load generators.
  void submit_all(std::vector<client_command> commands, const reply_channel_ptr& reply);

  // -- life cycle
  // ------------------------------------------------------------------------------------------

  /// Returns when nothing is under way: every input handled, every reactor caught up. Sagas that
  /// wait for a silent participant or for a deadline may still be open, and reactions that failed
  /// may wait to be tried again. Returns false if that took
  /// longer than `limit`.
  bool wait_until_idle(duration limit);

  /// Ends every actor of this runtime and writes the indexes. The actor system goes on.
  void stop();

  /// Writes the indexes to disk, which the runtime does by itself from time to time. Waits for it.
  /// @throws store_error if the disk refuses.
  void write_indexes() { log_->write_indexes(); }

  runtime_statistics statistics() const;

  const journal& log() const { return *log_; }
  const registry& types() const { return types_; }

  // -- for tests and demonstrations
  // ------------------------------------------------------------------------

  /// Delivers what `runtime_options::hold_back` held back, as far as it no longer does.
  void let_go();

  /// A manual clock was moved.
  void time_has_moved();

private:
  void start_actors(caf::actor_system& system, std::vector<parked_so_far> parked);
  void catch_up_reactors();
  void resume_open_sagas();
  delivery delivery_of(client_command command, reply_channel_ptr reply) const;

  registry types_;
  std::unique_ptr<journal> log_;
  std::shared_ptr<const clock> time_;
  runtime_context context_;
  bool stopped_ = false;
};

} // namespace skald
