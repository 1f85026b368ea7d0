using Commerce.Contracts.Payments;

namespace Workflows.Payments;

/// <summary>Undoes at the gateway what was undone in the log.</summary>
internal sealed class GiveMoneyBack(IPaymentGateway gateway)
    : IHandleMessages<PaymentVoided>, IHandleMessages<PaymentRefunded>
{
    public Task Handle(PaymentVoided message, IMessageHandlerContext context) =>
        gateway.Void(message.Tenant, message.OrderId, context.CancellationToken);

    public Task Handle(PaymentRefunded message, IMessageHandlerContext context) =>
        gateway.Void(message.Tenant, message.OrderId, context.CancellationToken);
}
