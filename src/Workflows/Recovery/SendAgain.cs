using Commerce.Contracts;

namespace Workflows.Recovery;

/// <summary>
/// Stands for a message that was handled and is gone. Delivered under that message's id, it makes the outbox send what
/// handling that message had to send, and is never handled itself.
/// </summary>
public sealed record SendAgain(string Tenant) : ICommerceMessage;

/// <summary>Gets only those whose note in the outbox was forgotten meanwhile: nothing is left to send.</summary>
internal sealed class SendAgainHandler : IHandleMessages<SendAgain>
{
    public Task Handle(SendAgain message, IMessageHandlerContext context) => Task.CompletedTask;
}
