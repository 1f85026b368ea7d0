using Commerce.Contracts.Payments;

namespace Commerce.Payments;

public static partial class PaymentDecider
{
    public static Decision Decide(Payment payment, AuthorizePayment command) => payment.Status switch
    {
        PaymentStatus.None => Decision.Accept(
            new PaymentRequested(command.Tenant, command.OrderId, command.Amount, command.CardToken)),
        _ => Decision.Nothing,
    };
}
