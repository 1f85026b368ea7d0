using System.Text.Json;
using CommandLog;
using Commerce.Contracts;
using Npgsql;

namespace Workflows;

/// <summary>
/// Tells the command log when a client's command has failed for good, so that its status is <c>failed</c> while the
/// message waits in the error queue; a retry from there overwrites it with the outcome.
/// </summary>
internal sealed partial class FailedCommands(
    ICommandLog log,
    [FromKeyedServices("commerce")] NpgsqlDataSource database,
    ILogger<FailedCommands> logger)
{
    public async Task Record(
        string messageId,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body,
        Exception exception,
        CancellationToken cancellationToken)
    {
        if (TypeOf(headers) is not { } type || !MessageMetadata.IsFromClient(headers))
            return;
        if (TenantOf(body) is not { } tenant)
        {
            Unreadable(logger, type.Name, messageId);
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var outcome = new CommandFailed(
            MessageMetadata.CommandId(messageId),
            tenant,
            type.Name,
            $"{exception.GetType().Name}: {exception.Message}");
        await log.Record(connection, transaction, outcome, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The command type named first in the headers; null where the message is no command of ours.</summary>
    private static Type? TypeOf(IReadOnlyDictionary<string, string> headers)
    {
        var name = headers.GetValueOrDefault(Headers.EnclosedMessageTypes)?.Split(';', ',')[0].Trim();
        var type = string.IsNullOrEmpty(name) ? null : typeof(ICommerceCommand).Assembly.GetType(name);
        return typeof(ICommerceCommand).IsAssignableFrom(type) ? type : null;
    }

    private static string? TenantOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(nameof(ICommerceMessage.Tenant), out var tenant)
                && tenant.ValueKind == JsonValueKind.String ? tenant.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // A body that is no JSON names no tenant; the caller says so.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The failed {Type} {MessageId} names no tenant: its status stays 'accepted'. See the error queue.")]
    private static partial void Unreadable(ILogger logger, string type, string messageId);
}
