using Commerce.Contracts;
using Commerce.Contracts.Payments;

namespace Commerce.Payments;

public static partial class PaymentDecider
{
    public static Decision Decide(Payment payment, CapturePayment command) => payment.Status switch
    {
        PaymentStatus.Authorized => Decision.Accept(
            new PaymentCaptured(command.Tenant, command.OrderId, payment.Amount)),
        PaymentStatus.Captured => Decision.Nothing,
        _ => Decision.Reject(
            Rules.PaymentNotAuthorized,
            $"The payment of order {command.OrderId} is {payment.Status.ToString().ToLowerInvariant()}, "
            + "so there is nothing to capture. Authorize it first."),
    };
}
