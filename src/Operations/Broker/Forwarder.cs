using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Operations.Broker;

/// <summary>A message on its way to a queue.</summary>
/// <param name="Id">The failed message that it is.</param>
internal sealed record OutgoingMessage(
    Guid Id, string Queue, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What became of a batch.</summary>
/// <param name="Confirmed">The broker has them.</param>
/// <param name="Refused">The broker will not take them, and why: their queue does not exist.</param>
/// <param name="Lost">The connection broke before the broker answered for all; null where it did.</param>
internal sealed record ForwardingResult(
    IReadOnlyList<Guid> Confirmed, IReadOnlyDictionary<Guid, string> Refused, Exception? Lost);

/// <summary>
/// Puts messages into queues and waits until the broker has them. Goes through the default exchange: into this one
/// queue, whatever is bound to the endpoint's exchange, and one missing queue breaks nothing for the others.
/// </summary>
internal sealed class Forwarder(BrokerAddress broker, OperationsSettings settings) : IAsyncDisposable
{
    private IConnection? connection;
    private IChannel? channel;
    private Confirmations confirmations = new();

    /// <summary>Publishes all at once and waits for the broker's answer to each. One call at a time.</summary>
    /// <exception cref="RabbitMQ.Client.Exceptions.BrokerUnreachableException">The broker is away; nothing
    /// left.</exception>
    public async Task<ForwardingResult> Send(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        var open = await Open(cancellationToken);
        List<(OutgoingMessage Message, Task<string?> Answer)> sent = [];
        Exception? lost = null;
        try
        {
            foreach (var message in messages)
            {
                var number = await open.GetNextPublishSequenceNumberAsync(cancellationToken);
                sent.Add((message, confirmations.Expect(number, message.Id)));
                var properties = WireMessage.PropertiesOf(message.Headers);
                properties.MessageId ??= message.Id.ToString();
                await open.BasicPublishAsync(
                    exchange: "", routingKey: message.Queue, mandatory: true, properties, message.Body,
                    cancellationToken);
            }

            await Task.WhenAll(sent.Select(entry => entry.Answer))
                .WaitAsync(settings.ConfirmTimeout, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            lost = exception;
            await Close();
        }

        var answered = sent.Where(entry => entry.Answer.IsCompletedSuccessfully).ToList();
        return new ForwardingResult(
            [.. answered.Where(entry => entry.Answer.Result is null).Select(entry => entry.Message.Id)],
            answered.Where(entry => entry.Answer.Result is not null)
                .ToDictionary(entry => entry.Message.Id, entry => entry.Answer.Result!),
            lost);
    }

    public async ValueTask DisposeAsync() => await Close();

    private async Task<IChannel> Open(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true } open)
            return open;
        await Close();
        connection = await broker.Connect("Operations retries", cancellationToken);
        // Answers are counted here and not by the client, which would add a header of its own to every message.
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false),
            cancellationToken);
        confirmations = new Confirmations();
        confirmations.Follow(channel);
        return channel;
    }

    private async Task Close()
    {
        if (channel is not null)
            await channel.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
        (channel, connection) = (null, null);
    }

    /// <summary>Which messages of a channel the broker has answered for.</summary>
    private sealed class Confirmations
    {
        private readonly ConcurrentDictionary<ulong, TaskCompletionSource<string?>> waiting = new();
        private readonly ConcurrentDictionary<Guid, string> returned = new();
        private readonly ConcurrentDictionary<ulong, Guid> ids = new();

        /// <summary>Ends with null when the broker has the message, with the reason when it refuses it.</summary>
        public Task<string?> Expect(ulong number, Guid id)
        {
            ids[number] = id;
            return waiting.GetOrAdd(number, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        public void Follow(IChannel channel)
        {
            channel.BasicAcksAsync += (_, answer) => Settle(answer.DeliveryTag, answer.Multiple, null);
            channel.BasicNacksAsync += (_, answer) => Settle(
                answer.DeliveryTag, answer.Multiple, new IOException("the broker could not take the message"));
            // A message that no queue takes comes back before it is confirmed.
            channel.BasicReturnAsync += (_, answer) =>
            {
                var headers = WireMessage.HeadersOf(answer.BasicProperties);
                var name = headers.GetValueOrDefault(HeaderNames.RetryUniqueMessageId)
                    ?? headers.GetValueOrDefault(HeaderNames.MessageId);
                if (Guid.TryParse(name, out var id))
                    returned[id] = $"the queue '{answer.RoutingKey}' does not exist ({answer.ReplyText})";
                return Task.CompletedTask;
            };
            channel.ChannelShutdownAsync += (_, reason) => Lose(reason);
        }

        private Task Settle(ulong number, bool multiple, Exception? error)
        {
            foreach (var settled in multiple ? waiting.Keys.Where(key => key <= number) : [number])
            {
                if (!waiting.TryRemove(settled, out var answer) || !ids.TryRemove(settled, out var id))
                    continue;
                if (error is not null)
                    answer.TrySetException(error);
                else
                    answer.TrySetResult(returned.TryRemove(id, out var reason) ? reason : null);
            }

            return Task.CompletedTask;
        }

        private Task Lose(ShutdownEventArgs reason)
        {
            foreach (var answer in waiting.Values)
                answer.TrySetException(new IOException(reason.ToString()));
            return Task.CompletedTask;
        }
    }
}
