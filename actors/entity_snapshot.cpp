#include "actors/entity.hpp"
#include "messages/codec.hpp"
#include "messages/crc32c.hpp"
#include "persistence/byte_codec.hpp"

#include <cstring>

// A snapshot is a CBOR map behind its CRC32C (4 bytes, little-endian). It can be thrown away at any
// time: what cannot be read is replayed from the events.

namespace skald {

namespace {

constexpr std::uint32_t snapshot_format = 4;
constexpr std::size_t kept_entry_size = 24; ///< of an inbox

template <class Inspector>
auto time_field(Inspector& f, const char* name, timestamp& time) {
  return f.field(
      name, [&time] { return static_cast<std::int64_t>(time.time_since_epoch().count()); },
      [&time](std::int64_t count) {
        time = timestamp{duration{count}};
        return true;
      });
}

template <class Inspector, class Enum>
auto number_field(Inspector& f, const char* name, Enum& value) {
  return f.field(
      name, [&value] { return static_cast<std::uint8_t>(value); },
      [&value](std::uint8_t number) {
        value = static_cast<Enum>(number);
        return true;
      });
}

struct kept_dispatch {
  message_id id;
  message_id causation;
  timestamp first_sent = no_time;
  participation role = participation::none;
  std::string type;
  byte_buffer payload;
};

struct kept_step {
  std::string name;
  std::uint32_t index = 0;
  saga_progress::step_status status = saga_progress::step_status::sent;
  std::string participant_type;
  std::string participant_id;
  bool awaits_answer = false;
  std::uint32_t refusals = 0;
  kept_dispatch message;
};

struct kept_owed {
  byte_buffer hold;
  message_id command;
  std::string source_type;
  std::string source_id;
  participation role = participation::none;
  byte_buffer slip;
};

struct kept_slip {
  std::string correlation;
  std::string to_type;
  std::string to_id;
  std::string step;
  bool awaits_answer = true;
  std::uint32_t refusals = 0;
  timestamp again = no_time;
  kept_dispatch message;
  byte_buffer slip;
};

struct kept_trail {
  byte_buffer hold;
  std::string step;
  std::string to_type;
  std::string to_id;
};

struct kept_deadline {
  std::string name;
  timestamp due = no_time;
};

struct kept_entity {
  std::uint32_t format = snapshot_format;
  std::uint32_t state_version = 1;
  std::uint64_t turn = 0;
  std::uint64_t sequence = 0;
  timestamp time = no_time;
  byte_buffer state;
  std::vector<byte_buffer> holds;
  std::vector<kept_owed> owed;
  byte_buffer handled; ///< like `cancelled`, what an inbox remembers
  timestamp handled_forgotten = no_time;
  byte_buffer cancelled;
  timestamp cancelled_forgotten = no_time;
  message_id started_by;
  std::string saga;
  saga_progress::phase phase = saga_progress::phase::none;
  std::string correlation;
  std::string reason;
  timestamp since = no_time;
  byte_buffer parked_slip;
  std::vector<kept_step> steps;
  std::vector<kept_deadline> deadlines;
  std::vector<kept_slip> slips;
  std::vector<kept_trail> trails;
};

template <class Inspector>
bool inspect(Inspector& f, kept_dispatch& x) {
  return f.object(x).fields(
      f.field("high", x.id.high), f.field("low", x.id.low), f.field("cause_high", x.causation.high),
      f.field("cause_low", x.causation.low), time_field(f, "first_sent", x.first_sent),
      number_field(f, "role", x.role), f.field("type", x.type), f.field("payload", x.payload));
}

template <class Inspector>
bool inspect(Inspector& f, kept_step& x) {
  return f.object(x).fields(
      f.field("name", x.name), f.field("index", x.index), number_field(f, "status", x.status),
      f.field("participant_type", x.participant_type), f.field("participant_id", x.participant_id),
      f.field("awaits_answer", x.awaits_answer), f.field("refusals", x.refusals),
      f.field("message", x.message));
}

template <class Inspector>
bool inspect(Inspector& f, kept_owed& x) {
  return f.object(x).fields(f.field("hold", x.hold), f.field("high", x.command.high),
                            f.field("low", x.command.low), f.field("source_type", x.source_type),
                            f.field("source_id", x.source_id), number_field(f, "role", x.role),
                            f.field("slip", x.slip));
}

template <class Inspector>
bool inspect(Inspector& f, kept_slip& x) {
  return f.object(x).fields(f.field("correlation", x.correlation), f.field("to_type", x.to_type),
                            f.field("to_id", x.to_id), f.field("step", x.step),
                            f.field("awaits_answer", x.awaits_answer),
                            f.field("refusals", x.refusals), time_field(f, "again", x.again),
                            f.field("message", x.message), f.field("slip", x.slip));
}

template <class Inspector>
bool inspect(Inspector& f, kept_trail& x) {
  return f.object(x).fields(f.field("hold", x.hold), f.field("step", x.step),
                            f.field("to_type", x.to_type), f.field("to_id", x.to_id));
}

template <class Inspector>
bool inspect(Inspector& f, kept_deadline& x) {
  return f.object(x).fields(f.field("name", x.name), time_field(f, "due", x.due));
}

template <class Inspector>
bool inspect(Inspector& f, kept_entity& x) {
  return f.object(x).fields(
      f.field("format", x.format), f.field("state_version", x.state_version),
      f.field("turn", x.turn), f.field("sequence", x.sequence), time_field(f, "time", x.time),
      f.field("state", x.state), f.field("holds", x.holds), f.field("owed", x.owed),
      f.field("handled", x.handled), time_field(f, "handled_forgotten", x.handled_forgotten),
      f.field("cancelled", x.cancelled),
      time_field(f, "cancelled_forgotten", x.cancelled_forgotten),
      f.field("started_by_high", x.started_by.high), f.field("started_by_low", x.started_by.low),
      f.field("saga", x.saga), number_field(f, "phase", x.phase),
      f.field("correlation", x.correlation), f.field("reason", x.reason),
      time_field(f, "since", x.since), f.field("parked_slip", x.parked_slip),
      f.field("steps", x.steps), f.field("deadlines", x.deadlines), f.field("slips", x.slips),
      f.field("trails", x.trails));
}

// A busy entity remembers very many messages: the high and low half of each id and the time, eight
// bytes each.
byte_buffer kept(const inbox& box) {
  const auto entries = box.entries();
  byte_buffer result(entries.size() * kept_entry_size);
  byte_writer out{result.data()};
  for (const auto& each : entries) {
    out.id(each.id);
    out.fixed(static_cast<std::int64_t>(each.time.time_since_epoch().count()));
  }
  return result;
}

void restore(byte_span bytes, timestamp forgotten_up_to, inbox& out) {
  std::vector<inbox::entry> entries(bytes.size() / kept_entry_size);
  byte_reader in{bytes};
  for (auto& each : entries) {
    each.id = in.id("id");
    each.time = timestamp{duration{in.fixed<std::int64_t>("time")}};
  }
  out.restore(std::move(entries), forgotten_up_to);
}

kept_dispatch kept(const command_message& sent) {
  return {sent.id, sent.causation, sent.first_sent, sent.role, sent.type, sent.payload};
}

std::shared_ptr<command_message> restored(kept_dispatch& sent, const address& self, address to,
                                          std::string correlation, std::string step) {
  auto message = std::make_shared<command_message>();
  message->id = sent.id;
  message->to = std::move(to);
  message->source = self;
  message->correlation = std::move(correlation);
  message->causation = sent.causation;
  message->first_sent = sent.first_sent;
  message->role = sent.role;
  message->step = std::move(step);
  message->type = std::move(sent.type);
  message->payload = std::move(sent.payload);
  return message;
}

kept_slip kept(const slip_desk::outstanding& x) {
  const auto& sent = *x.message;
  return {sent.correlation, sent.to.type, sent.to.id, sent.step, x.awaits_answer,
          x.refusals,       x.again,      kept(sent), sent.slip};
}

slip_desk::outstanding restored(kept_slip& x, const address& self) {
  auto message = restored(x.message, self, {std::move(x.to_type), std::move(x.to_id)},
                          std::move(x.correlation), std::move(x.step));
  message->slip = std::move(x.slip);
  auto name = name_of(*message);
  return {std::move(name), std::move(message), x.awaits_answer, x.refusals, x.again};
}

kept_step kept(const saga_progress::step_state& step) {
  return {step.name,           static_cast<std::uint32_t>(step.index),
          step.status,         step.participant.type,
          step.participant.id, step.awaits_answer,
          step.refusals,       kept(*step.message)};
}

saga_progress::step_state restored(kept_step& step, const address& self,
                                   const std::string& correlation) {
  saga_progress::step_state result;
  result.name = std::move(step.name);
  result.index = step.index;
  result.status = step.status;
  result.participant = {std::move(step.participant_type), std::move(step.participant_id)};
  result.awaits_answer = step.awaits_answer;
  result.refusals = step.refusals;
  result.message = restored(step.message, self, result.participant, correlation, result.name);
  return result;
}

byte_buffer bytes_of(std::string_view text) {
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

} // namespace

byte_buffer entity::snapshot() const {
  kept_entity all;
  all.state_version = state_->snapshot_version();
  all.turn = turn_;
  all.sequence = sequence_;
  all.time = time_;
  state_->encode_state(all.state);
  holds_.for_each([&](const std::string& hold) { all.holds.push_back(bytes_of(hold)); });
  for (const auto& each : owed_)
    all.owed.push_back({bytes_of(each.hold), each.command, each.source.type, each.source.id,
                        each.role, each.slip});
  all.handled = kept(handled_);
  all.handled_forgotten = handled_.forgotten_up_to();
  all.cancelled = kept(cancelled_steps_);
  all.cancelled_forgotten = cancelled_steps_.forgotten_up_to();
  all.started_by = started_by_;
  if (progress_.definition())
    all.saga = progress_.definition()->name;
  all.phase = progress_.current();
  all.correlation = progress_.correlation();
  all.reason = progress_.reason();
  all.since = progress_.since();
  all.parked_slip = progress_.parked_slip();
  for (const auto& step : progress_.steps())
    all.steps.push_back(kept(step));
  for (const auto& [name, due] : progress_.deadlines())
    all.deadlines.push_back({name, due});
  for (const auto& each : desk_.sent())
    all.slips.push_back(kept(each));
  for (const auto& each : desk_.trails())
    all.trails.push_back({bytes_of(each.hold), each.step, each.to.type, each.to.id});
  byte_buffer result(sizeof(std::uint32_t));
  encode(all, result);
  const auto checksum = crc32c(byte_span{result}.subspan(sizeof(std::uint32_t)));
  std::memcpy(result.data(), &checksum, sizeof(checksum));
  return result;
}

std::optional<std::string> entity::restore(byte_span snapshot, position at) {
  std::uint32_t checksum = 0;
  if (snapshot.size() < sizeof(checksum))
    return "it is too short";
  std::memcpy(&checksum, snapshot.data(), sizeof(checksum));
  const auto content = snapshot.subspan(sizeof(checksum));
  if (checksum != crc32c(content))
    return "its checksum is wrong";
  kept_entity all;
  if (auto wrong = decode(content, all))
    return wrong;
  if (all.format != snapshot_format || all.state_version != state_->snapshot_version())
    return "it was taken by another version of the program";
  if (all.handled.size() % kept_entry_size != 0 || all.cancelled.size() % kept_entry_size != 0)
    return "what it has handled is malformed";
  if (auto wrong = state_->decode_state(all.state))
    return wrong;
  const auto* definition = all.saga.empty() ? nullptr : type_.find_saga(all.saga);
  if (!all.saga.empty() && !definition)
    return "this program does not know its saga";
  saga_progress::kept progress;
  progress.current = all.phase;
  for (auto& each : all.steps)
    progress.steps.push_back(restored(each, self_, all.correlation));
  for (auto& each : all.deadlines)
    progress.deadlines.emplace_back(std::move(each.name), each.due);
  progress.correlation = std::move(all.correlation);
  progress.reason = std::move(all.reason);
  progress.since = all.since;
  progress.parked_slip = std::move(all.parked_slip);
  if (!progress_.restore(definition, std::move(progress)))
    return "its saga has other steps";
  skald::restore(all.handled, all.handled_forgotten, handled_);
  skald::restore(all.cancelled, all.cancelled_forgotten, cancelled_steps_);
  for (const auto& hold : all.holds)
    holds_.insert(std::string{as_text(hold)});
  for (auto& each : all.owed)
    owed_.push_back({std::string{as_text(each.hold)},
                     each.command,
                     {std::move(each.source_type), std::move(each.source_id)},
                     each.role,
                     std::move(each.slip)});
  std::vector<slip_desk::outstanding> slips;
  for (auto& each : all.slips)
    slips.push_back(restored(each, self_));
  std::vector<slip_desk::trail> trails;
  for (auto& each : all.trails)
    trails.push_back({std::string{as_text(each.hold)},
                      std::move(each.step),
                      {std::move(each.to_type), std::move(each.to_id)}});
  desk_.restore(std::move(slips), std::move(trails));
  turn_ = all.turn;
  sequence_ = all.sequence;
  time_ = all.time;
  started_by_ = all.started_by;
  next_wake_ = next_due();
  unsure_of_confirms_ = progress_.current() == saga_progress::phase::confirming;
  cursor_->last = at;
  return std::nullopt;
}

} // namespace skald
