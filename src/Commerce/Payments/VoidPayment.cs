using Commerce.Contracts.Payments;

namespace Commerce.Payments;

public static partial class PaymentDecider
{
    /// <summary>
    /// Never refused. A payment that was not asked for yet is closed as well, so that a request arriving behind its
    /// void asks the gateway for nothing.
    /// </summary>
    public static Decision Decide(Payment payment, VoidPayment command) => payment.Status switch
    {
        PaymentStatus.None or PaymentStatus.Requested => Decision.Accept(new PaymentVoided(
            command.Tenant, command.OrderId, payment.Amount with { Amount = 0 }, command.Reason)),
        PaymentStatus.Authorized => Decision.Accept(
            new PaymentVoided(command.Tenant, command.OrderId, payment.Amount, command.Reason)),
        PaymentStatus.Captured => Decision.Accept(
            new PaymentRefunded(command.Tenant, command.OrderId, payment.Amount, command.Reason)),
        _ => Decision.Nothing,
    };
}
