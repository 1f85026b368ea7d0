using System.Net;
using System.Net.Http.Json;

namespace Cli.Apis;

/// <summary>What became of a command.</summary>
/// <param name="Rule">The rule that refused it, <c>urn:rule:…</c> without the prefix; null where it was done.</param>
/// <param name="Message">The refusal in words.</param>
internal sealed record CommandOutcome(string? Rule, string? Message, string? Token)
{
    public bool Done => Rule is null;
}

/// <summary>The command API: sends a command and waits until it is done or refused.</summary>
internal sealed class CommandClient(HttpClient http)
{
    private const string RulePrefix = "urn:rule:";
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(250);
    private readonly Transmission transmission = new(http);

    /// <param name="idempotencyKey">Repeating the same key and body gives the first outcome again.</param>
    public async Task<CommandOutcome> Send(
        string path, object body, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var response = await transmission.Send(
            () => new HttpRequestMessage(HttpMethod.Post, path)
            {
                Headers = { { "Prefer", "wait=20" }, { "Idempotency-Key", idempotencyKey } },
                Content = JsonContent.Create(body),
            },
            cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted => await WaitForOutcome(response, cancellationToken),
            HttpStatusCode.OK or HttpStatusCode.Created => new(null, null, Token(response)),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict
                or HttpStatusCode.UnprocessableEntity => await Refusal(response, cancellationToken),
            _ => throw new InvalidDataException(
                $"POST {path} was answered {(int)response.StatusCode}: "
                + await response.Content.ReadAsStringAsync(cancellationToken)),
        };
    }

    private async Task<CommandOutcome> WaitForOutcome(HttpResponseMessage accepted, CancellationToken cancellationToken)
    {
        var command = await Transmission.Read<CommandStatus>(accepted, cancellationToken);
        while (true)
        {
            using var response = await transmission.Send(
                () => new HttpRequestMessage(HttpMethod.Get, $"commands/{command.CommandId}"), cancellationToken);
            var status = await Transmission.Read<CommandStatus>(response, cancellationToken);
            switch (status.Status)
            {
                case "completed": return new(null, null, status.ConsistencyToken);
                case "rejected": return new(status.Rejection!.Rule, status.Rejection.Message, null);
                case "failed": return new("failed", "the command failed; an operator finds it in the error queue", null);
                default: await Task.Delay(PollEvery, cancellationToken); break;
            }
        }
    }

    private static async Task<CommandOutcome> Refusal(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await response.Content.ReadFromJsonAsync<Problem>(cancellationToken);
        if (problem?.Type?.StartsWith(RulePrefix, StringComparison.Ordinal) == true)
            return new(problem.Type[RulePrefix.Length..], problem.Detail ?? problem.Title, null);
        var (field, words) = problem?.Errors?.FirstOrDefault() is { Key: not null } error
            ? (error.Key, string.Join("; ", error.Value))
            : ("request", problem?.Detail ?? problem?.Title);
        return new($"invalid {field}", words, null);
    }

    private static string? Token(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Consistency-Token", out var values) ? values.First() : null;

    private sealed record CommandStatus(
        Guid CommandId, string Status, string? ConsistencyToken, RejectionAnswer? Rejection);

    private sealed record RejectionAnswer(string Rule, string Message);

    private sealed record Problem(
        string? Type, string? Title, string? Detail, Dictionary<string, string[]>? Errors);
}
