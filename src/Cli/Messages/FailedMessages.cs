using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Cli.Messages;

/// <summary>A failed message in a list, as ServiceControl's API has it.</summary>
internal sealed record ListedMessage(
    string Id, string? MessageType, string? MessageId, string Status, DateTime TimeOfFailure, string? QueueAddress,
    int NumberOfProcessingAttempts, ListedMessage.Error? Exception, ListedMessage.Endpoint? ReceivingEndpoint)
{
    public sealed record Error(string? ExceptionType, string? Message, string? StackTrace);

    public sealed record Endpoint(string? Name, string? Host);
}

/// <summary>A page of a list.</summary>
internal sealed record MessagePage(List<ListedMessage> Messages, long Total);

/// <summary>A message with everything that is known of it.</summary>
internal sealed record MessageDetail(
    ListedMessage Message, IReadOnlyDictionary<string, string> Headers, string? Body, string? ContentType);

/// <summary>
/// Speaks ServiceControl's API: to Operations in the portable edition, to ServiceControl itself in the full one.
/// </summary>
internal sealed class FailedMessages(HttpClient http)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Messages of a status, the last that failed first.</summary>
    public async Task<MessagePage> List(string status, string? queue, int most, CancellationToken cancellationToken)
    {
        var path = $"errors?status={status}&page=1&per_page={most}&sort=time_of_failure&direction=desc";
        if (queue is not null)
            path += $"&queueaddress={Uri.EscapeDataString(queue)}";
        using var response = await http.GetAsync(path, cancellationToken);
        await Check(response, cancellationToken);
        var messages = await response.Content.ReadFromJsonAsync<List<ListedMessage>>(Json, cancellationToken) ?? [];
        var total = response.Headers.TryGetValues("Total-Count", out var values) ? long.Parse(values.First(), null) : 0;
        return new MessagePage(messages, total);
    }

    /// <summary>The message; null where there is none of this id.</summary>
    public async Task<MessageDetail?> Find(Guid id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"errors/last/{id}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await Check(response, cancellationToken);
        if (await response.Content.ReadFromJsonAsync<ListedMessage>(Json, cancellationToken) is not { } message)
            return null;
        var found = await Searched(message, cancellationToken);
        if (found.BodyUrl is not { Length: > 0 } address)
            return new MessageDetail(message, found.Headers, null, null);
        using var body = await http.GetAsync(address.TrimStart('/'), cancellationToken);
        if (body.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NoContent)
            return new MessageDetail(message, found.Headers, null, null);
        await Check(body, cancellationToken);
        return new MessageDetail(
            message,
            found.Headers,
            await body.Content.ReadAsStringAsync(cancellationToken),
            body.Content.Headers.ContentType?.ToString());
    }

    public Task Retry(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Send(HttpMethod.Post, "errors/retry", ids, cancellationToken);

    public Task RetryAll(CancellationToken cancellationToken) =>
        Send(HttpMethod.Post, "errors/retry/all", null, cancellationToken);

    public Task RetryQueue(string queue, CancellationToken cancellationToken) =>
        Send(HttpMethod.Post, $"errors/queues/{Uri.EscapeDataString(queue)}/retry", null, cancellationToken);

    public Task Archive(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Send(HttpMethod.Patch, "errors/archive", ids, cancellationToken);

    public Task Restore(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        Send(HttpMethod.Patch, "errors/unarchive", ids, cancellationToken);

    /// <summary>Sends a changed message in place of the failed one; false where somebody else was first.</summary>
    public async Task<bool> Edit(
        Guid id, string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            $"edit/{id}", new { MessageBody = body, MessageHeaders = headers }, Json, cancellationToken);
        await Check(response, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return text.Length == 0 || JsonSerializer.Deserialize<EditAnswer>(text, Json) is not { EditIgnored: true };
    }

    /// <summary>The detail has no headers of its own: they come with the search.</summary>
    private async Task<(IReadOnlyDictionary<string, string> Headers, string? BodyUrl)> Searched(
        ListedMessage message, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(
            $"messages/search/{Uri.EscapeDataString(message.MessageId ?? message.Id)}", cancellationToken);
        await Check(response, cancellationToken);
        var found = await response.Content.ReadFromJsonAsync<List<FoundMessage>>(Json, cancellationToken) ?? [];
        var match = found.Find(one => one.Id == message.Id);
        return (
            match?.Headers?.ToDictionary(header => header.Key, header => header.Value)
                ?? new Dictionary<string, string>(),
            match?.BodyUrl);
    }

    private async Task Send(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, cancellationToken);
        await Check(response, cancellationToken);
    }

    /// <exception cref="InvalidDataException">It was refused, and why.</exception>
    internal static async Task Check(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if ((int)response.StatusCode >= 500)
        {
            var service = response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority);
            throw new HttpRequestException($"{service} answered {(int)response.StatusCode}: {Why(text)}");
        }

        throw new InvalidDataException($"{(int)response.StatusCode} {response.ReasonPhrase}: {Why(text)}");
    }

    private static string Why(string text)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            return problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail)
                ? detail.ToString()
                : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private sealed record EditAnswer(bool EditIgnored);

    private sealed record FoundMessage(string Id, string? BodyUrl, List<FoundHeader>? Headers);

    private sealed record FoundHeader(string Key, string Value);
}
