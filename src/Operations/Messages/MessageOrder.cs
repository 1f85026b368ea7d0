namespace Operations.Messages;

/// <summary>The order of a list of messages.</summary>
/// <param name="Failed">What failed messages are ordered by.</param>
/// <param name="Audited">What handled ones are ordered by; those that ServicePulse asks for have an index.</param>
/// <param name="Direction">With where those come that say nothing: as if before all others.</param>
internal sealed record MessageOrder(string Failed, string Audited, string Direction)
{
    /// <summary>Time of sending, newest first, where they say nothing known.</summary>
    public static MessageOrder Of(string? sort, string? direction)
    {
        // The numbers of MessageStatus.
        const string failedStatus =
            "case m.status when 1 then least(m.attempts, 2) when 2 then 4 when 3 then 6 else 5 end";
        const string auditedStatus = "case when m.is_retried then 4 else 3 end";
        const string none = "0::bigint";
        var (failed, audited) = sort switch
        {
            "processed_at" or "time_of_failure" => ("m.failed_at", "m.processed_at"),
            "processing_time" => (none, "m.processing_us"),
            "critical_time" => (none, "m.critical_us"),
            "delivery_time" => (none, "m.delivery_us"),
            "message_type" => ("m.message_type", "m.message_type"),
            "id" or "message_id" => ("m.message_id", "m.message_id"),
            "status" => (failedStatus, auditedStatus),
            _ => ("m.time_sent", "m.time_sent"),
        };
        var ascending = direction == "asc";
        return new MessageOrder(
            failed,
            audited,
            audited == "m.time_sent"
                ? ascending ? "asc nulls first" : "desc nulls last"
                : ascending ? "asc" : "desc");
    }
}
