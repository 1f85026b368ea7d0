using Commerce.Contracts.Payments;

namespace Workflows.Payments;

/// <summary>
/// Puts a requested payment to the gateway. Nothing is written here, so no row is locked while the gateway thinks; its
/// answer becomes a command, whether it comes at once or by callback.
/// </summary>
internal sealed class AskGateway(IPaymentGateway gateway) : IHandleMessages<PaymentRequested>
{
    public async Task Handle(PaymentRequested message, IMessageHandlerContext context)
    {
        var answer = await gateway.Authorize(
            new AuthorizationRequest(message.Tenant, message.OrderId, message.Amount, message.CardToken),
            context.CancellationToken);
        switch (answer)
        {
            case Approved approved:
                await context.Send(new RecordAuthorization(message.Tenant, message.OrderId, approved.Reference));
                break;
            case Declined declined:
                await context.Send(new DeclinePayment(message.Tenant, message.OrderId, declined.Reason));
                break;
        }
    }
}
