using System.ComponentModel;
using CommandLog;

namespace CommandApi.Commands;

/// <summary>The body of an answer to a command.</summary>
internal sealed record CommandAnswer
{
    [Description("GET /commands/{commandId} shows what becomes of it.")]
    public required Guid CommandId { get; init; }

    public required CommandState Status { get; init; }

    [Description("Send it with a query to read what this command wrote; also in the header of that name.")]
    public string? ConsistencyToken { get; init; }

    [Description("The order placed or canceled.")]
    public Guid? OrderId { get; init; }

    [Description("The product or stock item that changed.")]
    public string? Sku { get; init; }
}
