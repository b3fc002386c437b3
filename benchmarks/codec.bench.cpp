#include "messages/codec.hpp"

#include "apps/bank/transfer_messages.hpp"
#include "benchmarks/sample_record.hpp"

#include <benchmark/benchmark.h>

namespace skald {

namespace {

const deposit a_command{"1234567", "12345", minor_units{4'711}, {}};
const transfer_created a_first_event{"1234567", "12345", "54321", minor_units{4'711}, {}, 5'000};

template <class T>
void encode_cbor(benchmark::State& state, const T& x) {
  byte_buffer bytes;
  for (auto _ : state) {
    bytes.clear();
    encode(x, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}

template <class T>
void decode_cbor(benchmark::State& state, const T& x) {
  const auto bytes = encode(x);
  for (auto _ : state) {
    T read;
    if (auto wrong = decode(bytes, read))
      state.SkipWithError(wrong->c_str());
    benchmark::DoNotOptimize(read);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(encode_cbor, command, a_command);
BENCHMARK_CAPTURE(encode_cbor, event, sample_event);
BENCHMARK_CAPTURE(encode_cbor, first_event, a_first_event);
BENCHMARK_CAPTURE(decode_cbor, command, a_command);
BENCHMARK_CAPTURE(decode_cbor, event, sample_event);
BENCHMARK_CAPTURE(decode_cbor, first_event, a_first_event);

void encode_and_seal_record(benchmark::State& state) {
  const sample_record sample;
  byte_buffer bytes;
  position at = 1;
  for (auto _ : state) {
    bytes.clear();
    encode_record(sample.value, bytes);
    seal_record(bytes, at + 1, at);
    ++at;
    benchmark::DoNotOptimize(bytes.data());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(encode_and_seal_record);

void decode_a_record(benchmark::State& state) {
  const sample_record sample;
  byte_buffer bytes;
  encode_record(sample.value, bytes);
  seal_record(bytes, 2, 1);
  record read;
  for (auto _ : state) {
    if (auto wrong = decode_record(bytes, 2, read))
      state.SkipWithError(wrong->c_str());
    benchmark::DoNotOptimize(read);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_a_record);

} // namespace

} // namespace skald
