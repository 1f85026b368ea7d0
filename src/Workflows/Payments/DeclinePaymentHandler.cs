using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Workflows.Payments;

internal sealed class DeclinePaymentHandler(CommandFlow flow) : IHandleMessages<DeclinePayment>
{
    public Task Handle(DeclinePayment message, IMessageHandlerContext context) => flow.Run(
        message,
        context,
        CommerceStreams.Payment(message.Tenant, message.OrderId),
        Folds.Payment,
        payment => PaymentDecider.Decide(payment, message));
}
