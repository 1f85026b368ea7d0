using System.Globalization;
using Commerce.Contracts;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using EventStore;

namespace Workflows.Recovery;

/// <summary>
/// Sends again what a broker that is gone may have held. The log and the sagas say what is unfinished, so nothing need
/// be known of the messages themselves; and as every handler bears a message twice, more may be sent than was lost.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Messages in the outbox that are not known to have left: their outbox sends them (<see cref="SendAgain"/>).</item>
/// <item>Orders that are neither completed nor canceled: their events are published again, which the saga and those who
/// call bank and carrier subscribe to, and their saga sends the commands of its step and asks for its timeout
/// again.</item>
/// <item>Parcels on the road: the carrier is asked again, and reports again.</item>
/// <item>Payments given back and shipments called off in the last day: their events are published again.</item>
/// </list>
/// </remarks>
internal sealed class UnfinishedWork(OpenWork open, IEventStore store, IMessageSession messages)
{
    /// <summary>At once. Each waits for the broker's confirmation.</summary>
    private const int SideBySide = 16;

    /// <returns>How many orders were under way.</returns>
    public async Task<int> TakeUp(CancellationToken cancellationToken)
    {
        await Each(await open.Undispatched(cancellationToken), SendOutbox, cancellationToken);
        var sagas = await open.Sagas(cancellationToken);
        var orders = await open.Orders(cancellationToken);
        await Each(orders, (order, cancel) => TakeUp(order, sagas.Contains(order), cancel), cancellationToken);
        await Each(await open.Calls(cancellationToken), RepeatCall, cancellationToken);
        return orders.Count;
    }

    private static Task Each<T>(
        IEnumerable<T> all, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (each, cancel) => await act(each, cancel));

    private Task SendOutbox(string messageId, CancellationToken cancellationToken)
    {
        var options = new SendOptions();
        options.SetMessageId(messageId);
        options.RouteToThisEndpoint();
        return messages.Send(new SendAgain("$system"), options, cancellationToken);
    }

    private async Task TakeUp(string orderStream, bool hasSaga, CancellationToken cancellationToken)
    {
        var parts = orderStream.Split('/');
        var (tenant, orderId) = (parts[1], Guid.Parse(parts[2]));
        var order = await Read(orderStream, cancellationToken);
        var payment = await Read(CommerceStreams.Payment(tenant, orderId), cancellationToken);
        var shipment = await Read(CommerceStreams.Shipment(tenant, orderId), cancellationToken);

        var dispatched = shipment.Select(recorded => recorded.Data).OfType<ShipmentDispatched>().FirstOrDefault();
        if (dispatched is not null && !order.Any(recorded => recorded.Data is OrderShipped))
            await messages.Send(new ShipOrder(tenant, orderId, dispatched.TrackingNumber), cancellationToken);
        if (hasSaga)
        {
            foreach (var recorded in order.Concat(payment).Concat(shipment))
                await Publish(recorded, cancellationToken);
            var options = new SendOptions();
            options.RouteToThisEndpoint();
            await messages.Send(new ResumeFulfilment(tenant, orderId), options, cancellationToken);
        }
        else if (dispatched is null)
        {
            // The saga has not begun, or has ended with a cancellation that never arrived: a new one comes to the same,
            // as no unit is reserved and no payment made again under an order whose reservation or payment is closed.
            await Publish(order[0], cancellationToken);
        }
        else
        {
            // The saga has ended behind the carrier, and its last word never arrived.
            await messages.Send(
                payment.Any(recorded => recorded.Data is PaymentCaptured)
                    ? new CompleteOrder(tenant, orderId, dispatched.TrackingNumber)
                    : new CancelOrder(tenant, orderId, "The payment was not captured."),
                cancellationToken);
        }
    }

    /// <summary>What bank or carrier were to be told, of orders whether open or not.</summary>
    private async Task RepeatCall(string stream, CancellationToken cancellationToken)
    {
        foreach (var recorded in await Read(stream, cancellationToken))
        {
            if (recorded.Data is PaymentVoided or PaymentRefunded or ShipmentRequested or ShipmentCanceled)
                await Publish(recorded, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<RecordedEvent>> Read(string stream, CancellationToken cancellationToken)
    {
        var events = new List<RecordedEvent>();
        await foreach (var recorded in store.ReadStream(stream, cancellationToken: cancellationToken))
            events.Add(recorded);
        return events;
    }

    private Task Publish(RecordedEvent recorded, CancellationToken cancellationToken)
    {
        if (recorded.Data is not ICommerceEvent or IUnpublishedEvent)
            return Task.CompletedTask;
        var options = new PublishOptions();
        options.SetHeader(CommerceHeaders.Position, recorded.Position.ToString(CultureInfo.InvariantCulture));
        return messages.Publish(recorded.Data, options, cancellationToken);
    }
}
