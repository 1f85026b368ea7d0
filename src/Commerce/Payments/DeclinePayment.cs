using Commerce.Contracts.Payments;

namespace Commerce.Payments;

public static partial class PaymentDecider
{
    public static Decision Decide(Payment payment, DeclinePayment command) => payment.Status switch
    {
        PaymentStatus.Requested => Decision.Accept(
            new PaymentDeclined(command.Tenant, command.OrderId, command.Reason)),
        _ => Decision.Nothing,
    };
}
