using System.Globalization;
using System.Text.Json;
using EventStore;
using RabbitMQ.Client;

namespace Messaging.Bench;

public sealed record PlaceOrder(Guid OrderId, string Customer, string Sku, int Quantity, decimal Total) : ICommand;

public sealed record OrderPlaced(Guid OrderId, string Customer, string Sku, int Quantity, decimal Total) : IEvent;

public sealed record Advance(Guid OrderId, int Step) : ICommand;

/// <summary>Counts what was handled.</summary>
public sealed class Progress
{
    private long handled;

    public long Handled => Interlocked.Read(ref handled);

    public void Add() => Interlocked.Increment(ref handled);

    public async Task Reach(long count, TimeSpan limit)
    {
        for (var waited = TimeSpan.Zero; Handled < count && waited < limit; waited += TimeSpan.FromMilliseconds(10))
        {
            await Task.Delay(10);
        }
    }
}

internal static class Work
{
    public static readonly Type[] Handlers = [typeof(StoresOrders), typeof(CountsOrders), typeof(OrderSaga)];

    /// <summary>An order as an endpoint sends it.</summary>
    public static (BasicProperties Properties, byte[] Body) Order(string queue, int n)
    {
        var id = Guid.CreateVersion7().ToString();
        var headers = new Dictionary<string, object?>
        {
            ["NServiceBus.MessageId"] = id,
            ["NServiceBus.CorrelationId"] = id,
            ["NServiceBus.ConversationId"] = Guid.CreateVersion7().ToString(),
            ["NServiceBus.MessageIntent"] = "Send",
            ["NServiceBus.EnclosedMessageTypes"] = typeof(PlaceOrder).AssemblyQualifiedName,
            ["NServiceBus.ContentType"] = "application/json",
            ["NServiceBus.OriginatingEndpoint"] = "Bench",
            ["NServiceBus.OriginatingMachine"] = Environment.MachineName,
            ["$.diagnostics.originating.hostid"] = "0123456789abcdef0123456789abcdef",
            ["NServiceBus.TimeSent"] = DateTimeOffset.UtcNow.ToString(
                "yyyy-MM-dd HH:mm:ss:ffffff Z", CultureInfo.InvariantCulture),
            ["NServiceBus.Version"] = "10.2.8",
            ["NServiceBus.OpenTelemetry.StartNewTrace"] = "False",
        };
        var properties = new BasicProperties
        {
            MessageId = id,
            CorrelationId = id,
            ContentType = "application/json",
            Type = typeof(PlaceOrder).FullName,
            Persistent = true,
            Headers = headers,
        };
        return (properties, JsonSerializer.SerializeToUtf8Bytes(Sample(n)));
    }

    public static PlaceOrder Sample(int n) => new(
        Guid.CreateVersion7(), $"customer-{n % 5000}", $"SKU-{n % 4000:0000}", 1 + (n % 12), 12.5m + (n % 100));
}

/// <summary>The whole way: one event appended in the message's transaction, one event published.</summary>
public sealed class StoresOrders(IEventStore store, Progress progress) : IHandleMessages<PlaceOrder>
{
    public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
    {
        var placed = new OrderPlaced(
            message.OrderId, message.Customer, message.Sku, message.Quantity, message.Total);
        var request = new AppendRequest(
            [new StreamAppend($"order-{message.OrderId}", ExpectedVersion.NoStream, [placed])],
            new EventMetadata(Guid.Parse(context.MessageId), "bench", DateTimeOffset.UtcNow));
        var session = context.SynchronizedStorageSession.SqlPersistenceSession();
        var result = await store.Append(request, session.Transaction, context.CancellationToken);
        if (result is not Appended appended)
        {
            throw new InvalidOperationException($"The order was not appended: {result}.");
        }

        var options = new PublishOptions();
        options.SetHeader("Commerce.Position", appended.Position.ToString(CultureInfo.InvariantCulture));
        await context.Publish(placed, options);
        progress.Add();
    }
}

/// <summary>Nothing but the engine.</summary>
public sealed class CountsOrders(Progress progress) : IHandleMessages<PlaceOrder>
{
    public Task Handle(PlaceOrder message, IMessageHandlerContext context)
    {
        progress.Add();
        return Task.CompletedTask;
    }
}

/// <summary>Takes steps by sending itself messages.</summary>
public sealed class OrderSaga(Progress progress) :
    Saga<OrderSaga.OrderData>, IAmStartedByMessages<PlaceOrder>, IHandleMessages<Advance>
{
    public const int Steps = 4;

    public async Task Handle(PlaceOrder message, IMessageHandlerContext context)
    {
        Data.Customer = message.Customer;
        progress.Add();
        await Send(context, new Advance(Data.OrderId, 1));
    }

    public async Task Handle(Advance message, IMessageHandlerContext context)
    {
        Data.Step = message.Step;
        progress.Add();
        if (message.Step == Steps)
        {
            MarkAsComplete();
            return;
        }

        await Send(context, new Advance(Data.OrderId, message.Step + 1));
    }

    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<OrderData> mapper) => mapper
        .MapSaga(saga => saga.OrderId)
        .ToMessage<PlaceOrder>(message => message.OrderId)
        .ToMessage<Advance>(message => message.OrderId);

    private static Task Send(IMessageHandlerContext context, Advance message)
    {
        var options = new SendOptions();
        options.RouteToThisEndpoint();
        return context.Send(message, options);
    }

    public sealed class OrderData : ContainSagaData
    {
        public Guid OrderId { get; set; }

        public string? Customer { get; set; }

        public int Step { get; set; }
    }
}
