using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Workflows.Payments;

/// <summary>
/// Takes the money at the gateway, then records it. The gateway is asked before anything is written, so no row is
/// locked meanwhile; asking it again after a crash or a conflict is safe, since it knows the order.
/// </summary>
internal sealed class CapturePaymentHandler(CommandFlow flow, IPaymentGateway gateway) : IHandleMessages<CapturePayment>
{
    public Task Handle(CapturePayment message, IMessageHandlerContext context) =>
        flow.Run(message, context, async streams =>
        {
            var payment = await streams.Load(
                CommerceStreams.Payment(message.Tenant, message.OrderId), Folds.Payment);
            if (payment.Status == PaymentStatus.Authorized)
                await gateway.Capture(message.Tenant, message.OrderId, payment.Amount, context.CancellationToken);
            return PaymentDecider.Decide(payment, message);
        });
}
