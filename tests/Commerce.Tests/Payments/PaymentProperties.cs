using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;
using FsCheck;
using FsCheck.Fluent;

namespace Commerce.Tests.Payments;

public class PaymentProperties
{
    private static readonly Guid order = Guid.NewGuid();

    [Fact]
    public void Any_interleaving_of_commands_keeps_the_money_balanced() =>
        Prop.ForAll(Commands(), commands => Ledger.Of(commands).All(entry => entry switch
            {
                { Payment.Status: PaymentStatus.Authorized } => entry is { Held: 20m, Taken: 0m },
                { Payment.Status: PaymentStatus.Captured } => entry is { Held: 0m, Taken: 20m },
                _ => entry is { Held: 0m, Taken: 0m },
            }))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Once_undone_no_late_or_repeated_command_holds_or_takes_money() =>
        Prop.ForAll(Commands(), Commands(), (before, after) =>
            {
                var undo = new VoidPayment("demo", order, "canceled");
                return Ledger.Of([.. before, undo, .. after]).Skip(before.Count).All(entry =>
                    entry is { Held: 0m, Taken: 0m });
            })
            .QuickCheckThrowOnFailure();

    private static Arbitrary<List<ICommerceCommand>> Commands() =>
        Gen.Elements<ICommerceCommand>(
                new AuthorizePayment("demo", order, new Money(20m, "GBP"), "tok_ok"),
                new RecordAuthorization("demo", order, "ref-1"),
                new DeclinePayment("demo", order, "stolen card"),
                new CapturePayment("demo", order),
                new VoidPayment("demo", order, "canceled"))
            .ListOf()
            .Select(commands => commands.ToList())
            .ToArbitrary();

    /// <param name="Held">Reserved on the card after the command.</param>
    /// <param name="Taken">With the merchant after the command.</param>
    private sealed record Ledger(Payment Payment, decimal Held, decimal Taken)
    {
        public static IEnumerable<Ledger> Of(IEnumerable<ICommerceCommand> commands)
        {
            var ledger = new Ledger(Payment.Initial, 0, 0);
            foreach (var command in commands)
            {
                var events = Decide(ledger.Payment, command) is Accepted accepted ? accepted.Events : [];
                ledger = events.Aggregate(ledger, (current, fact) => current.Book(fact));
                yield return ledger;
            }
        }

        private Ledger Book(ICommerceEvent fact)
        {
            var payment = Payment.Evolve(Payment, fact);
            return fact switch
            {
                PaymentAuthorized e => new Ledger(payment, Held + e.Amount.Amount, Taken),
                PaymentVoided e => new Ledger(payment, Held - e.Amount.Amount, Taken),
                PaymentCaptured e => new Ledger(payment, Held - e.Amount.Amount, Taken + e.Amount.Amount),
                PaymentRefunded e => new Ledger(payment, Held, Taken - e.Amount.Amount),
                _ => new Ledger(payment, Held, Taken),
            };
        }

        private static Decision Decide(Payment payment, ICommerceCommand command) => command switch
        {
            AuthorizePayment authorize => PaymentDecider.Decide(payment, authorize),
            RecordAuthorization record => PaymentDecider.Decide(payment, record),
            DeclinePayment decline => PaymentDecider.Decide(payment, decline),
            CapturePayment capture => PaymentDecider.Decide(payment, capture),
            VoidPayment undo => PaymentDecider.Decide(payment, undo),
            _ => throw new ArgumentException($"{command} is no command of payments.", nameof(command)),
        };
    }
}
