using Commerce.Contracts;
using Commerce.Contracts.Inventory;
using Commerce.Contracts.Ordering;
using Commerce.Contracts.Payments;
using Commerce.Contracts.Shipping;
using Workflows.Fulfilment;

namespace Workflows.Tests.Fulfilment;

/// <summary>One order's saga: takes messages and time, gives the commands it sends.</summary>
internal sealed class FulfilmentRun
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestableSaga<FulfilmentSaga, FulfilmentData> saga;

    public FulfilmentRun(FulfilmentLimits limits)
    {
        var clock = new SagaClock(() => saga!.CurrentTime);
        saga = new(
            () => new FulfilmentSaga(limits, clock), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    /// <summary>Timeouts that the saga has asked for so far.</summary>
    public int Timeouts { get; private set; }

    /// <summary>What arrives before the saga starts or after it has ended is dropped, as the endpoint does.</summary>
    public bool Ended { get; private set; }

    public FulfilmentStep Step { get; private set; }

    public async Task<IReadOnlyList<ICommerceCommand>> Take(ICommerceMessage message) =>
        Ended || (Step == FulfilmentStep.None && message is not OrderPlaced) ? [] : Note(await Handle(message));

    /// <summary>Lets time pass; timeouts that come due are handled.</summary>
    public async Task<IReadOnlyList<ICommerceCommand>> Wait(TimeSpan time)
    {
        // By the second: a timeout may ask for another one within the time to wait.
        var sent = new List<ICommerceCommand>();
        for (var left = time; left > TimeSpan.Zero; left -= Second)
        {
            foreach (var result in await saga.AdvanceTime(left < Second ? left : Second))
                sent.AddRange(Note(result));
        }

        return sent;
    }

    private Task<TestableSaga<FulfilmentSaga, FulfilmentData>.HandleResult> Handle(ICommerceMessage message) =>
        message switch
        {
            OrderPlaced placed => saga.Handle(placed),
            StockReservationAnswered answer => saga.Handle(answer),
            PaymentRequested requested => saga.Handle(requested),
            PaymentAuthorized authorized => saga.Handle(authorized),
            PaymentDeclined declined => saga.Handle(declined),
            OrderConfirmationAnswered answer => saga.Handle(answer),
            ShipmentRequested requested => saga.Handle(requested),
            ShipmentDispatched dispatched => saga.Handle(dispatched),
            ShipmentRefused refused => saga.Handle(refused),
            PaymentCaptured captured => saga.Handle(captured),
            StockShipmentAnswered answer => saga.Handle(answer),
            OrderCancellationRequested requested => saga.Handle(requested),
            ShipmentCancelAnswered answer => saga.Handle(answer),
            PaymentVoidAnswered answer => saga.Handle(answer),
            StockReleaseAnswered answer => saga.Handle(answer),
            _ => throw new ArgumentException($"The saga does not handle {message}.", nameof(message)),
        };

    private IReadOnlyList<ICommerceCommand> Note(TestableSaga<FulfilmentSaga, FulfilmentData>.HandleResult result)
    {
        Ended |= result.Completed;
        Timeouts += result.Context.TimeoutMessages.Length;
        Step = result.SagaDataSnapshot.Step;
        return [.. result.Context.SentMessages.Select(sent => sent.Message).OfType<ICommerceCommand>()];
    }

    private sealed class SagaClock(Func<DateTime> now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(now(), TimeSpan.Zero);
    }
}
