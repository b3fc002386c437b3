#pragma once

#include "actors/delivery.hpp"
#include "actors/entity.hpp"
#include "actors/external.hpp"
#include "actors/reaction_reading.hpp"
#include "actors/turn.hpp"

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Messages between the actors of one runtime. They carry pointers and never leave the process.

namespace skald {

/// A client's command, or its wish to see an entity.
struct submission {
  std::vector<delivery> content;
};

/// To the directory: deliver these; they count as `settled` inputs less for whoever reports them.
struct settlement {
  epoch_id epoch = 0;
  std::vector<delivery> deliveries;
  std::size_t settled = 0;
};

/// To the deadline actor: when to wake whom; `no_time`: never.
struct due_changes {
  std::vector<std::pair<address, timestamp>> changes;
};

/// To the loader: was this message handled by its receiver before?
struct lookup_request {
  epoch_id epoch = 0;
  std::vector<command_delivery> content;
};

/// To an entity's actor, which has nothing under way: be this entity from now on, and handle
/// `first`.
struct assignment {
  const entity_type* type = nullptr;
  address self;
  slot_id slot = 0;
  epoch_id epoch = 0;
  delivery_content first;
};

/// To the loader: rebuild an entity for the actor that will own it.
struct load_request {
  address self;
  caf::actor owner;
  std::uint32_t number = 0; ///< among the owner's requests
};

/// The loader's answer: the entity, or why it cannot be rebuilt.
struct loaded {
  std::uint32_t number = 0; ///< of the request
  std::shared_ptr<entity> content;
  std::uint64_t replayed = 0; ///< records that no snapshot covers
  std::string error;
};

/// To the loader: take a snapshot of what this entity has committed.
struct snapshot_request {
  address self;
};

/// To the loader: what does the journal say of a reactor's reactions to these events? Counts as one
/// input that is not settled until the reactor has the answer.
struct reading_request {
  caf::actor owner;
  const reactor* handler = nullptr;
  epoch_id epoch = 0;
  std::vector<event_place> places;
};

/// The loader's answer.
struct reactions_read {
  epoch_id epoch = 0;
  std::vector<reaction_reading> content;
};

/// To a reactor: committed events, in the order of the journal.
struct published_events {
  epoch_id epoch = 0;
  std::vector<published_event_ptr> content;
};

/// To a reactor: what comes to it beside events.
struct reactor_inputs {
  std::vector<delivery_content> content;
};

/// To a reactor: the journal has been published up to here.
struct published_up_to {
  position last = 0;
};

/// To the directory: every reactor was given what it had not finished before the runtime started.
struct caught_up {};

/// To the directory: these clients wait for the end of the saga of an aggregate that can keep them
/// no longer.
struct waiting_clients {
  address self;
  std::vector<command_delivery> content;
};

/// Everything that is not committed is void from now on.
struct void_epoch {
  epoch_id current = 0;
  std::string reason;
};

/// The journal takes appends again: go on.
struct go_on {};

/// To the directory: deliver what was held back, as far as it no longer is to be.
struct let_go {};

/// To the directory: tell this channel when nothing is under way any more.
struct idle_request {
  std::shared_ptr<std::function<void()>> when_idle;
};

/// To a worker of a system outside: make this call.
struct call_request {
  epoch_id epoch = 0;
  command_message_ptr message;
};

/// From the worker: what has come of it.
struct call_done {
  call_request request;
  std::shared_ptr<const call_result> result;
  caf::actor worker;
};

/// To oneself: commit what has gathered. The latter comes after a while, for what nobody waits for.
struct commit_now {};
struct commit_at_last {};

/// To the index actor, and its answer.
struct write_indexes_request {};
struct indexes_written {};

/// To the deadline actor: look at the clock.
struct look_at_clock {};

} // namespace skald

CAF_BEGIN_TYPE_ID_BLOCK(skald, first_custom_type_id + 1000)

CAF_ADD_TYPE_ID(skald, (skald::submission))
CAF_ADD_TYPE_ID(skald, (skald::delivery))
CAF_ADD_TYPE_ID(skald, (skald::turn))
CAF_ADD_TYPE_ID(skald, (skald::release_ptr))
CAF_ADD_TYPE_ID(skald, (skald::settlement))
CAF_ADD_TYPE_ID(skald, (skald::due_changes))
CAF_ADD_TYPE_ID(skald, (skald::lookup_request))
CAF_ADD_TYPE_ID(skald, (skald::load_request))
CAF_ADD_TYPE_ID(skald, (skald::loaded))
CAF_ADD_TYPE_ID(skald, (skald::published_events))
CAF_ADD_TYPE_ID(skald, (skald::published_up_to))
CAF_ADD_TYPE_ID(skald, (skald::void_epoch))
CAF_ADD_TYPE_ID(skald, (skald::go_on))
CAF_ADD_TYPE_ID(skald, (skald::idle_request))
CAF_ADD_TYPE_ID(skald, (skald::commit_now))
CAF_ADD_TYPE_ID(skald, (skald::write_indexes_request))
CAF_ADD_TYPE_ID(skald, (skald::indexes_written))
CAF_ADD_TYPE_ID(skald, (skald::look_at_clock))
CAF_ADD_TYPE_ID(skald, (skald::outcome_ptr))
CAF_ADD_TYPE_ID(skald, (skald::snapshot_request))
CAF_ADD_TYPE_ID(skald, (skald::let_go))
CAF_ADD_TYPE_ID(skald, (skald::waiting_clients))
CAF_ADD_TYPE_ID(skald, (skald::call_request))
CAF_ADD_TYPE_ID(skald, (skald::call_done))
CAF_ADD_TYPE_ID(skald, (skald::reading_request))
CAF_ADD_TYPE_ID(skald, (skald::reactions_read))
CAF_ADD_TYPE_ID(skald, (skald::assignment))
CAF_ADD_TYPE_ID(skald, (skald::reactor_inputs))
CAF_ADD_TYPE_ID(skald, (skald::commit_at_last))
CAF_ADD_TYPE_ID(skald, (skald::caught_up))

CAF_END_TYPE_ID_BLOCK(skald)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::submission)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::delivery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::release_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::settlement)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::due_changes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::lookup_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::load_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::published_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::published_up_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::void_epoch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::go_on)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::idle_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::commit_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::write_indexes_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::indexes_written)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::look_at_clock)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::outcome_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::snapshot_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::let_go)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::call_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::call_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::waiting_clients)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::reading_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::reactions_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::assignment)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::reactor_inputs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::commit_at_last)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skald::caught_up)
