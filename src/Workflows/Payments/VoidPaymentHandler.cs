using Commerce.Contracts;
using Commerce.Contracts.Payments;
using Commerce.Payments;

namespace Workflows.Payments;

internal sealed class VoidPaymentHandler(CommandFlow flow) : IHandleMessages<VoidPayment>
{
    public async Task Handle(VoidPayment message, IMessageHandlerContext context)
    {
        await flow.Run(
            message,
            context,
            CommerceStreams.Payment(message.Tenant, message.OrderId),
            Folds.Payment,
            payment => PaymentDecider.Decide(payment, message));
        await context.Reply(new PaymentVoidAnswered(message.Tenant, message.OrderId));
    }
}
