// Names, help texts and labels of all metrics of ours. docs/metrics.md explains them; a test compares the two.
#pragma once

#include "observe/exposition.hpp"

#include <array>
#include <span>
#include <string_view>

namespace triaged::observe {

namespace names {
inline constexpr std::string_view requests = "triaged_requests_total";
inline constexpr std::string_view attempts = "triaged_attempts_total";
inline constexpr std::string_view tokens = "triaged_tokens_total";
inline constexpr std::string_view cost = "triaged_cost_usd_total";
inline constexpr std::string_view cost_unknown = "triaged_cost_unknown_total";
inline constexpr std::string_view saved = "triaged_saved_usd_total";
inline constexpr std::string_view escalations = "triaged_escalations_total";
inline constexpr std::string_view overhead = "triaged_overhead_seconds";
inline constexpr std::string_view duration = "triaged_request_duration_seconds";
inline constexpr std::string_view first_content = "triaged_time_to_first_token_seconds";
inline constexpr std::string_view in_flight = "triaged_requests_in_flight";
inline constexpr std::string_view clients = "triaged_client_connections";
inline constexpr std::string_view upstreams = "triaged_upstream_connections";
inline constexpr std::string_view upstreams_used = "triaged_upstream_connections_total";
inline constexpr std::string_view breaker_open = "triaged_breaker_open";
inline constexpr std::string_view target_in_flight = "triaged_target_in_flight";
inline constexpr std::string_view target_latency = "triaged_target_latency_seconds";
inline constexpr std::string_view budget_exhausted = "triaged_retry_budget_exhausted_total";
inline constexpr std::string_view key_outs = "triaged_provider_key_outs_total";
inline constexpr std::string_view classifier_calls = "triaged_classifier_calls_total";
inline constexpr std::string_view embedder_calls = "triaged_embedder_calls_total";
inline constexpr std::string_view gate_findings = "triaged_gate_findings_total";
inline constexpr std::string_view judge_calls = "triaged_judge_calls_total";
inline constexpr std::string_view gated_answers = "triaged_gated_answers_total";
inline constexpr std::string_view escalation_alarm = "triaged_route_escalation_alarm";
inline constexpr std::string_view measures = "triaged_dispatch_measures_total";
inline constexpr std::string_view client_gone = "triaged_client_gone_total";
inline constexpr std::string_view journal_failures = "triaged_journal_failures_total";
inline constexpr std::string_view log_dropped = "triaged_log_lines_dropped_total";
inline constexpr std::string_view series_dropped = "triaged_metric_series_dropped_total";
}  // namespace names

std::span<const Family> families();

// Names of the token classes, in the order of `token_counts`.
inline constexpr std::array<std::string_view, 8> token_classes = {
    "input", "cached_input", "cache_write_5m", "cache_write_1h", "audio_input", "output", "reasoning", "audio_output"};

}  // namespace triaged::observe
