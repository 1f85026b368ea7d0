using Operations.Broker;
using RabbitMQ.Client;

namespace Operations.Tests.Auditing;

/// <summary>Puts copies of handled messages into the audit queue, as an endpoint does, and anything else.</summary>
internal sealed class AuditCopies(IConnection connection, IChannel channel) : IAsyncDisposable
{
    private const string Queue = "audit";

    public static async Task<AuditCopies> Open(string broker, CancellationToken cancellationToken)
    {
        var connection = await new BrokerAddress(broker).Connect("Tests", cancellationToken);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellationToken);
        return new AuditCopies(connection, channel);
    }

    /// <summary>Headers of a message that this endpoint handled in 20 ms.</summary>
    public static Dictionary<string, string> Headers(string endpoint, string type, DateTime ended) => new()
    {
        ["NServiceBus.MessageId"] = Guid.NewGuid().ToString(),
        ["NServiceBus.EnclosedMessageTypes"] = type,
        ["NServiceBus.ContentType"] = "application/json",
        ["NServiceBus.TimeSent"] = WireTime.Format(ended.AddMilliseconds(-50)),
        ["NServiceBus.ProcessingStarted"] = WireTime.Format(ended.AddMilliseconds(-20)),
        ["NServiceBus.ProcessingEnded"] = WireTime.Format(ended),
        ["NServiceBus.ProcessingEndpoint"] = endpoint,
        ["NServiceBus.ProcessingMachine"] = "tests",
    };

    public async Task Send(Dictionary<string, string> headers, byte[] body)
    {
        var properties = new BasicProperties
        {
            Headers = headers.ToDictionary(header => header.Key, header => (object?)header.Value),
        };
        await channel.BasicPublishAsync(
            exchange: "", Queue, mandatory: true, properties, body, TestContext.Current.CancellationToken);
    }

    /// <summary>Nothing waits, and nothing is in hand.</summary>
    public async Task<bool> IsEmpty(CancellationToken cancellationToken) =>
        await channel.MessageCountAsync(Queue, cancellationToken) == 0;

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
