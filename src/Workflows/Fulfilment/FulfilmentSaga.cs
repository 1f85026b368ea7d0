using System.Globalization;
using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Workflows.Recovery;

namespace Workflows.Fulfilment;

/// <summary>
/// Carries an order from placed to completed, or undoes in reverse what was done and cancels it. Each step sends one
/// command, waits for its answer, and has a deadline; docs/fulfilment.md shows all states and transitions.
/// </summary>
/// <remarks>
/// An answer counts only in the step that waits for it. So duplicates, late answers and stale timeouts change nothing,
/// and every command can be sent again: the streams decide each once. Until the carrier has the parcel a cancellation
/// wins; after that the order is carried through.
/// </remarks>
public sealed class FulfilmentSaga(FulfilmentLimits limits, TimeProvider clock)
    : Saga<FulfilmentData>,
        IAmStartedByMessages<OrderPlaced>,
        IHandleMessages<StockReservationAnswered>,
        IHandleMessages<PaymentRequested>,
        IHandleMessages<PaymentAuthorized>,
        IHandleMessages<PaymentDeclined>,
        IHandleMessages<OrderConfirmationAnswered>,
        IHandleMessages<ShipmentRequested>,
        IHandleMessages<ShipmentDispatched>,
        IHandleMessages<ShipmentRefused>,
        IHandleMessages<PaymentCaptured>,
        IHandleMessages<StockShipmentAnswered>,
        IHandleMessages<OrderCancellationRequested>,
        IHandleMessages<ShipmentCancelAnswered>,
        IHandleMessages<PaymentVoidAnswered>,
        IHandleMessages<StockReleaseAnswered>,
        IHandleMessages<ResumeFulfilment>,
        IHandleTimeouts<DeadlineCheck>
{
    protected override void ConfigureHowToFindSaga(SagaPropertyMapper<FulfilmentData> mapper) => mapper
        .MapSaga(saga => saga.Order)
        .ToMessage<OrderPlaced>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<StockReservationAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<PaymentRequested>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<PaymentAuthorized>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<PaymentDeclined>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<OrderConfirmationAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<ShipmentRequested>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<ShipmentDispatched>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<ShipmentRefused>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<PaymentCaptured>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<StockShipmentAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<OrderCancellationRequested>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<ShipmentCancelAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<PaymentVoidAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<StockReleaseAnswered>(message => CommerceStreams.Order(message.Tenant, message.OrderId))
        .ToMessage<ResumeFulfilment>(message => CommerceStreams.Order(message.Tenant, message.OrderId));

    public Task Handle(OrderPlaced message, IMessageHandlerContext context)
    {
        if (Data.Step != FulfilmentStep.None)
            return Task.CompletedTask;

        Data.Tenant = message.Tenant;
        Data.OrderId = message.OrderId;
        Data.Lines = [.. message.Lines.Select(line => new StockLine(line.Sku, line.Quantity))];
        Data.Total = message.Total;
        Data.CardToken = message.CardToken;
        Data.Address = message.ShippingAddress;
        Data.CustomerId = message.CustomerId;
        return Enter(FulfilmentStep.ReservingStock, context);
    }

    public Task Handle(StockReservationAnswered message, IMessageHandlerContext context) => Data.Step switch
    {
        FulfilmentStep.ReservingStock when message.Refusal is null =>
            Enter(FulfilmentStep.AuthorizingPayment, context),
        FulfilmentStep.ReservingStock => Cancel(message.Refusal, context),
        _ => Task.CompletedTask,
    };

    /// <summary>The bank has the question from here on, so its time runs from here on.</summary>
    public Task Handle(PaymentRequested message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.AuthorizingPayment ? Await(limits.Payment, context) : Task.CompletedTask;

    public Task Handle(PaymentAuthorized message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.AuthorizingPayment
            ? Enter(FulfilmentStep.ConfirmingOrder, context)
            : Task.CompletedTask; // The payment's stream voids what nobody waits for.

    public Task Handle(PaymentDeclined message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.AuthorizingPayment
            ? Undo(FulfilmentStep.ReleasingStock, $"The payment was declined: {message.Reason}", context)
            : Task.CompletedTask;

    public Task Handle(OrderConfirmationAnswered message, IMessageHandlerContext context) => Data.Step switch
    {
        FulfilmentStep.ConfirmingOrder when message.Refusal is null => Enter(FulfilmentStep.AwaitingDispatch, context),
        FulfilmentStep.ConfirmingOrder => Compensate(message.Refusal, context),
        _ => Task.CompletedTask,
    };

    /// <summary>As with the bank: the carrier's time runs once it is asked.</summary>
    public Task Handle(ShipmentRequested message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.AwaitingDispatch ? Await(limits.Shipment, context) : Task.CompletedTask;

    public Task Handle(ShipmentDispatched message, IMessageHandlerContext context) =>
        CarryThrough(message.TrackingNumber, context);

    public Task Handle(ShipmentRefused message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.AwaitingDispatch
            ? Undo(FulfilmentStep.VoidingPayment, $"The shipment was refused: {message.Reason}", context)
            : Task.CompletedTask; // While canceling, the answer to that says the same.

    public Task Handle(PaymentCaptured message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.CapturingPayment
            ? Enter(FulfilmentStep.ShippingStock, context)
            : Task.CompletedTask; // Captured too late: the void that is on its way refunds it.

    public Task Handle(StockShipmentAnswered message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.ShippingStock ? Finish(context) : Task.CompletedTask;

    public Task Handle(OrderCancellationRequested message, IMessageHandlerContext context) => Data.Step switch
    {
        FulfilmentStep.ReservingStock
            or FulfilmentStep.AuthorizingPayment
            or FulfilmentStep.ConfirmingOrder
            or FulfilmentStep.AwaitingDispatch =>
            Compensate($"Canceled by the customer: {message.Reason}", context),
        _ => Task.CompletedTask,
    };

    public Task Handle(ShipmentCancelAnswered message, IMessageHandlerContext context) => Data.Step switch
    {
        FulfilmentStep.CancelingShipment when message.TrackingNumber is null =>
            Enter(FulfilmentStep.VoidingPayment, context),
        FulfilmentStep.CancelingShipment => CarryThrough(message.TrackingNumber, context),
        _ => Task.CompletedTask,
    };

    public Task Handle(PaymentVoidAnswered message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.VoidingPayment ? SettleStock(context) : Task.CompletedTask;

    public Task Handle(StockReleaseAnswered message, IMessageHandlerContext context) =>
        Data.Step == FulfilmentStep.ReleasingStock ? Finish(context) : Task.CompletedTask;

    /// <summary>Answers and timeout may be lost with the broker that had them: asks for both again.</summary>
    public async Task Handle(ResumeFulfilment message, IMessageHandlerContext context)
    {
        Data.LooksAt = null;
        await SendCommands(context);
        await Await(Data.Limit, context);
    }

    public Task Timeout(DeadlineCheck state, IMessageHandlerContext context)
    {
        if (state.At != Data.LooksAt)
            return Task.CompletedTask; // An earlier look was asked for since.
        Data.LooksAt = null;
        if (clock.GetUtcNow() < Data.Deadline)
            return LookAgain(Data.Deadline, context);
        if (Data.Attempt < limits.AttemptsOf(Data.Step))
        {
            Data.Attempt++;
            return Act(context);
        }

        // An undoing step that is never answered is durable all the same: its command waits in a queue. The order
        // ends.
        return Data.Step switch
        {
            FulfilmentStep.CancelingShipment => Enter(FulfilmentStep.VoidingPayment, context),
            FulfilmentStep.VoidingPayment => SettleStock(context),
            FulfilmentStep.ReleasingStock or FulfilmentStep.ShippingStock => Finish(context),
            _ => Compensate(Overdue(Data.Limit), context),
        };
    }

    /// <summary>Sends what the current step is about, and asks for its timeout.</summary>
    private async Task Act(IMessageHandlerContext context)
    {
        await SendCommands(context);
        await Await(limits.Step, context);
    }

    private async Task SendCommands(IMessageHandlerContext context)
    {
        var (tenant, order) = (Data.Tenant, Data.OrderId);
        IReadOnlyList<ICommerceCommand> commands = Data.Step switch
        {
            FulfilmentStep.ReservingStock => [new ReserveStock(tenant, order, Data.Lines)],
            FulfilmentStep.AuthorizingPayment => [new AuthorizePayment(tenant, order, Data.Total!, Data.CardToken)],
            FulfilmentStep.ConfirmingOrder => [new ConfirmOrder(tenant, order)],
            FulfilmentStep.AwaitingDispatch => [new RequestShipment(tenant, order, Data.Address!, Data.CustomerId)],
            FulfilmentStep.CapturingPayment =>
                [new ShipOrder(tenant, order, Data.TrackingNumber!), new CapturePayment(tenant, order)],
            FulfilmentStep.ShippingStock => [new ShipStock(tenant, order, Skus())],
            FulfilmentStep.CancelingShipment => [new CancelShipment(tenant, order, Data.Reason!)],
            FulfilmentStep.VoidingPayment => [new VoidPayment(tenant, order, Data.Reason!)],
            FulfilmentStep.ReleasingStock => [new ReleaseStock(tenant, order, Skus())],
            _ => throw new InvalidOperationException($"The fulfilment of order {order} is at no step."),
        };
        foreach (var command in commands)
            await context.Send(command);
    }

    /// <summary>
    /// Gives the current attempt its time. Most steps are answered in a moment, and a timeout for each would be most of
    /// the messages of an order: one look at the clock is under way instead, and finds out what is overdue.
    /// </summary>
    private Task Await(TimeSpan limit, IMessageHandlerContext context)
    {
        Data.Limit = limit;
        Data.Deadline = clock.GetUtcNow() + limit;
        if (Data.LooksAt <= Data.Deadline)
            return Task.CompletedTask;
        // The first look is early enough for the steps to come, whose time is shorter.
        return LookAgain(
            Data.LooksAt is null && limit > limits.Shortest ? clock.GetUtcNow() + limits.Shortest : Data.Deadline, context);
    }

    private Task LookAgain(DateTimeOffset at, IMessageHandlerContext context)
    {
        Data.LooksAt = at;
        return RequestTimeout(context, at - clock.GetUtcNow(), new DeadlineCheck(Data.Tenant, Data.OrderId, at));
    }

    private Task Enter(FulfilmentStep step, IMessageHandlerContext context)
    {
        Data.Step = step;
        Data.Attempt = 1;
        return Act(context);
    }

    /// <summary>Starts undoing at the latest thing that may have been done.</summary>
    private Task Compensate(string reason, IMessageHandlerContext context) => Undo(
        Data.Step switch
        {
            FulfilmentStep.ReservingStock => FulfilmentStep.ReleasingStock,
            FulfilmentStep.AwaitingDispatch => FulfilmentStep.CancelingShipment,
            _ => FulfilmentStep.VoidingPayment,
        },
        reason,
        context);

    private Task Undo(FulfilmentStep from, string reason, IMessageHandlerContext context)
    {
        Data.Reason = reason;
        return Enter(from, context);
    }

    /// <summary>
    /// The parcel is on its way: nothing calls it back, so the order goes on even if it was to be canceled.
    /// </summary>
    private Task CarryThrough(string trackingNumber, IMessageHandlerContext context)
    {
        Data.TrackingNumber = trackingNumber;
        if (Data.Step is not (FulfilmentStep.AwaitingDispatch or FulfilmentStep.CancelingShipment))
            return Task.CompletedTask;
        Data.Reason = null;
        return Enter(FulfilmentStep.CapturingPayment, context);
    }

    /// <summary>
    /// After the money: units go back to the shelf, unless they left the house and only the money failed.
    /// </summary>
    private Task SettleStock(IMessageHandlerContext context) => Enter(
        Data.TrackingNumber is null ? FulfilmentStep.ReleasingStock : FulfilmentStep.ShippingStock, context);

    private Task Cancel(string reason, IMessageHandlerContext context)
    {
        Data.Reason = reason;
        return Finish(context);
    }

    private Task Finish(IMessageHandlerContext context)
    {
        MarkAsComplete();
        return Data.Reason is { } reason
            ? context.Send(new CancelOrder(Data.Tenant, Data.OrderId, reason))
            : context.Send(new CompleteOrder(Data.Tenant, Data.OrderId, Data.TrackingNumber));
    }

    private string Overdue(TimeSpan limit)
    {
        var what = Data.Step switch
        {
            FulfilmentStep.ReservingStock => "The stock was not reserved",
            FulfilmentStep.AuthorizingPayment => "The payment was not authorized",
            FulfilmentStep.ConfirmingOrder => "The order was not confirmed",
            FulfilmentStep.AwaitingDispatch => "The shipment was not dispatched",
            _ => "The payment was not captured",
        };
        var tries = limits.AttemptsOf(Data.Step);
        var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return tries > 1 ? $"{what} within {tries} times {seconds} s." : $"{what} within {seconds} s.";
    }

    private List<string> Skus() => [.. Data.Lines.Select(line => line.Sku).Distinct(StringComparer.Ordinal)];
}
