using System.Globalization;
using Commerce.Contracts;

namespace Projections.Engine.Running;

/// <summary>
/// The one handler of a projection endpoint. An event on the bus says that the log has reached a position; the message
/// is done when every model of this endpoint has reached it too. The runners follow the log by themselves, so a message
/// that is late, doubled or lost changes nothing.
/// </summary>
public sealed class EventArrived(ProjectionSet projections) : IHandleMessages<ICommerceEvent>
{
    /// <summary>How long a message may wait for its event to be in the models.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public Task Handle(ICommerceEvent message, IMessageHandlerContext context)
    {
        if (!context.MessageHeaders.TryGetValue(CommerceHeaders.Position, out var text)
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            throw new InvalidOperationException(
                $"{message.GetType().Name} came with the header {CommerceHeaders.Position} '{text}': whoever publishes "
                + "an event sets its position in the log, as decimal text.");
        }

        return projections.WaitFor(position, Patience, context.CancellationToken);
    }
}
