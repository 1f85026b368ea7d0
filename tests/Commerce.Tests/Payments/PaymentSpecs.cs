using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Commerce.Tests.Payments;

public class PaymentSpecs
{
    private static readonly Guid order = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");
    private static readonly Money amount = new(14.80m, "GBP");
    private static readonly Money nothing = new(0m, "GBP");

    private static readonly PaymentRequested requested = new("demo", order, amount, "tok_ok");
    private static readonly PaymentAuthorized authorized = new("demo", order, amount, "ref-1");
    private static readonly PaymentDeclined declined = new("demo", order, "stolen card");
    private static readonly PaymentCaptured captured = new("demo", order, amount);
    private static readonly PaymentVoided voided = new("demo", order, amount, "canceled");
    private static readonly PaymentRefunded refunded = new("demo", order, amount, "canceled");

    [Fact]
    public void Authorizing_asks_the_gateway_once()
    {
        Payment().When(Authorize).Then(requested);
        Payment().Given(requested).When(Authorize).ThenNothing();
        Payment().Given(requested, authorized).When(Authorize).ThenNothing();
        Payment().Given(requested, declined).When(Authorize).ThenNothing();
    }

    [Fact]
    public void The_gateways_answer_is_recorded_once()
    {
        Payment().Given(requested).When(Approve).Then(authorized);
        Payment().Given(requested, authorized).When(Approve).ThenNothing();
        Payment().Given(requested).When(Decline).Then(declined);
        Payment().Given(requested, authorized).When(Decline).ThenNothing();
        Payment().When(Approve).ThenNothing();
    }

    [Fact]
    public void An_approval_after_the_payment_was_undone_is_voided_at_once()
    {
        var late = new PaymentVoided("demo", order, amount, "approved after the payment had ended");
        var early = new PaymentVoided("demo", order, nothing, "canceled");

        Payment().Given(requested, early).When(Approve).Then(authorized, late);
        Payment().Given(requested, early, authorized, late).When(Approve).ThenNothing();
        Payment().Given(requested, declined).When(Approve).Then(authorized, late);
    }

    [Fact]
    public void Capturing_takes_what_is_held_once()
    {
        Payment().Given(requested, authorized).When(Capture).Then(captured);
        Payment().Given(requested, authorized, captured).When(Capture).ThenNothing();
    }

    [Fact]
    public void Nothing_is_taken_that_is_not_held()
    {
        Payment().When(Capture).ThenRejected(Rules.PaymentNotAuthorized, order.ToString(), "none");
        Payment().Given(requested).When(Capture).ThenRejected(Rules.PaymentNotAuthorized, "requested");
        Payment().Given(requested, declined).When(Capture).ThenRejected(Rules.PaymentNotAuthorized, "declined");
        Payment().Given(requested, authorized, voided).When(Capture).ThenRejected(Rules.PaymentNotAuthorized, "voided");
    }

    [Fact]
    public void Undoing_a_payment_gives_back_what_is_held_or_taken()
    {
        Payment().Given(requested, authorized).When(Void).Then(voided);
        Payment().Given(requested, authorized, captured).When(Void).Then(refunded);
        Payment().Given(requested).When(Void).Then(new PaymentVoided("demo", order, nothing, "canceled"));
        Payment().Given(requested, declined).When(Void).ThenNothing();
        Payment().Given(requested, authorized, voided).When(Void).ThenNothing();
        Payment().Given(requested, authorized, captured, refunded).When(Void).ThenNothing();
    }

    [Fact]
    public void A_request_behind_its_void_asks_for_nothing()
    {
        var closed = new PaymentVoided("demo", order, new Money(0, "XXX"), "canceled");

        Payment().When(Void).Then(closed);
        Payment().Given(closed).When(Authorize).ThenNothing();
    }

    private static Scenario<Payment> Payment() =>
        new(Commerce.Payments.Payment.Initial, Commerce.Payments.Payment.Evolve);

    private static Decision Authorize(Payment payment) =>
        PaymentDecider.Decide(payment, new AuthorizePayment("demo", order, amount, "tok_ok"));

    private static Decision Approve(Payment payment) =>
        PaymentDecider.Decide(payment, new RecordAuthorization("demo", order, "ref-1"));

    private static Decision Decline(Payment payment) =>
        PaymentDecider.Decide(payment, new DeclinePayment("demo", order, "stolen card"));

    private static Decision Capture(Payment payment) =>
        PaymentDecider.Decide(payment, new CapturePayment("demo", order));

    private static Decision Void(Payment payment) =>
        PaymentDecider.Decide(payment, new VoidPayment("demo", order, "canceled"));
}
