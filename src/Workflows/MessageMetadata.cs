using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Commerce.Contracts;
using EventStore;

namespace Workflows;

/// <summary>What the headers of a message say about where it comes from.</summary>
internal static class MessageMetadata
{
    /// <summary>
    /// The endpoint of this service: commands it sends itself are steps of a workflow, not a client's.
    /// </summary>
    public const string Endpoint = "Commerce.Workflows";

    public static EventMetadata Of(IMessageProcessingContext context, string tenant, DateTimeOffset now) => new(
        CommandId(context.MessageId),
        tenant,
        now,
        CorrelationId: context.MessageHeaders.GetValueOrDefault(Headers.ConversationId),
        CausationId: context.MessageHeaders.GetValueOrDefault(Headers.RelatedTo),
        User: context.MessageHeaders.GetValueOrDefault(CommerceHeaders.User),
        TraceParent: Activity.Current?.Id ?? context.MessageHeaders.GetValueOrDefault("traceparent"));

    public static bool IsFromClient(IReadOnlyDictionary<string, string> headers) =>
        headers.GetValueOrDefault(Headers.OriginatingEndpoint) != Endpoint;

    /// <summary>
    /// A command's id is the id of its message. Clients other than ours may use ids that are no GUIDs: the same text
    /// then gives the same GUID, always.
    /// </summary>
    public static Guid CommandId(string messageId) => Guid.TryParse(messageId, out var id)
        ? id
        : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16));
}
