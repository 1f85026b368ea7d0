using Commerce.Contracts.Payments;

namespace Commerce.Payments;

public static partial class PaymentDecider
{
    /// <summary>
    /// An approval nobody waits for any more holds money all the same: it is recorded, and voided with it.
    /// </summary>
    public static Decision Decide(Payment payment, RecordAuthorization command)
    {
        var authorized = new PaymentAuthorized(command.Tenant, command.OrderId, payment.Amount, command.Reference);
        return payment switch
        {
            { Status: PaymentStatus.Requested } => Decision.Accept(authorized),
            { Status: PaymentStatus.Voided or PaymentStatus.Declined, Reference: null } => Decision.Accept(
                authorized,
                new PaymentVoided(
                    command.Tenant, command.OrderId, payment.Amount, "approved after the payment had ended")),
            _ => Decision.Nothing,
        };
    }
}
