#pragma once

#include "actors/actor_messages.hpp"
#include "actors/base_actor.hpp"
#include "actors/live_set.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace skald {

/// Finds or starts the actor of each address and is the only one that sends to it; bounds how many
/// are live and how much is under way. An entity is idle, and may be dropped, exactly when every
/// input that was delivered to it has come back through the journal: its turns are committed and
/// its mailbox is empty.
class directory_actor final : public base_actor {
public:
  directory_actor(caf::actor_config& configuration, const runtime_context& context);

  const char* name() const override { return "skald.directory"; }
  caf::behavior make_behavior() override;
  void on_exit() override;

private:
  void submit(delivery input);
  void refuse(const delivery& input, const std::string& reason) const;
  void refuse_dispatch(const delivery& input, const std::string& reason);
  std::string admission_error(const delivery& input) const;
  void deliver_all(std::vector<delivery>& batch);
  void deliver(delivery input);
  void deliver_to_entity(delivery input);
  template <class Named>
  std::optional<std::size_t> find_named(const delivery& input, const std::vector<Named>& named);
  void deliver_to_reactor(delivery& input);
  void deliver_to_external(delivery& input);
  void send_to_reactors();
  bool try_to_deliver(delivery& input);
  bool start_entity(delivery& input);
  void put_by(caf::actor actor);
  void deliver_waiting();
  void deliver_held_back();
  void publish(const std::vector<published_event_ptr>& events);
  void take_release(release& batch);
  void take_settlement(settlement& reported);
  void start_epoch(const void_epoch& voided);
  void resume_open_sagas();
  void keep_clients(waiting_clients& those);
  std::string address_error(const skald::address& to) const;
  void tell_reactors(const published_up_to& reached);
  void tell_if_idle();

  live_set live_;
  std::vector<caf::actor> spare_; ///< actors of entities that are no longer live
  epoch_id epoch_ = 0;
  std::string suspended_;        ///< why commands are refused at present; empty: they are not
  bool has_caught_up_ = false;   ///< reactors were given what they had not finished
  position told_up_to_ = 0;      ///< that the journal is published so far
  std::size_t elsewhere_ = 0;    ///< inputs at reactors and at the loader
  std::deque<delivery> waiting_; ///< for room among the live entities
  std::unordered_map<skald::address, std::size_t, address_hash> waiting_inputs_; ///< in waiting_
  std::vector<std::vector<delivery_content>> for_reactors_; ///< gathered, to be sent together
  std::vector<delivery> held_back_;                         ///< by `runtime_options::hold_back`

  /// Clients who wait for the end of a saga whose entity is not live.
  std::unordered_map<skald::address, std::vector<command_delivery>, address_hash> clients_;
  std::vector<std::shared_ptr<std::function<void()>>> idle_requests_;
};

} // namespace skald
