using System.Net.Http.Json;
using System.Text.Json;

namespace Cli.Messages;

/// <summary>A message, handled or failed, as ServiceControl's API has it.</summary>
internal sealed record AnyMessage(
    string Id, string? MessageId, string? MessageType, string Status, DateTime? TimeSent, DateTime ProcessedAt,
    TimeSpan ProcessingTime, string? MessageIntent, string? ConversationId, AnyMessage.Endpoint? SendingEndpoint,
    AnyMessage.Endpoint? ReceivingEndpoint, IReadOnlyList<AnyMessage.Saga>? InvokedSagas,
    IReadOnlyList<AnyMessage.Header>? Headers)
{
    private const string RelatedToHeader = "NServiceBus.RelatedTo";

    /// <summary>The id of the message that this one was sent because of; null for the first.</summary>
    public string? RelatedTo => Headers?.FirstOrDefault(header => header.Key == RelatedToHeader)?.Value;

    public sealed record Endpoint(string? Name, string? Host);

    public sealed record Saga(string SagaType, Guid SagaId, string? ChangeStatus);

    public sealed record Header(string Key, string Value);
}

/// <summary>Messages that were found, and how many there are.</summary>
internal sealed record FoundMessages(List<AnyMessage> Messages, long Total);

/// <summary>Asks for messages of all kinds: Operations or ServiceControl, which speak alike.</summary>
internal sealed class AllMessages(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Messages with these words, the last that was sent first.</summary>
    public async Task<FoundMessages> Find(
        string? words, string? endpoint, int most, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            $"messages2/?q={Escaped(words)}&endpoint_name={Escaped(endpoint)}&page_size={most}"
                + "&sort=time_sent&direction=desc",
            cancellationToken);
        var messages = await Read(response, cancellationToken);
        var total = response.Headers.TryGetValues("Total-Count", out var values) ? long.Parse(values.First(), null) : 0;
        return new FoundMessages(messages, total);
    }

    /// <summary>What came of one message, the first that was sent first.</summary>
    public async Task<List<AnyMessage>> Conversation(string id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            $"conversations/{Escaped(id)}?per_page=1000&sort=time_sent&direction=asc", cancellationToken);
        return await Read(response, cancellationToken);
    }

    private static string Escaped(string? text) => Uri.EscapeDataString(text ?? "");

    private static async Task<List<AnyMessage>> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await FailedMessages.Check(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<List<AnyMessage>>(Json, cancellationToken) ?? [];
    }
}
