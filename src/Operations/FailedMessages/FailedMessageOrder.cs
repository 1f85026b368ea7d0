namespace Operations.FailedMessages;

/// <summary>The order of a list: each of them has an index behind the status.</summary>
internal static class FailedMessageOrder
{
    /// <summary>
    /// <c>sort</c> and <c>direction</c> as SQL; time of sending, newest first, where they say nothing known.
    /// </summary>
    public static string Of(string? sort, string? direction)
    {
        var column = sort switch
        {
            "time_of_failure" or "processed_at" => "failed_at",
            "message_type" => "message_type",
            "modified" => "modified_at",
            "id" => "id",
            "message_id" => "message_id",
            "status" => "status",
            _ => "time_sent",
        };
        return direction == "asc" ? $"m.{column}, m.id" : $"m.{column} desc, m.id desc";
    }
}
