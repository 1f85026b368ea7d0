namespace Portable.Messaging;

/// <summary>Whether handling a message continues the sender's trace or starts one of its own, linked to it.
/// By default commands continue and events start anew.</summary>
public static class OpenTelemetryExtensions
{
    public static void ContinueExistingTraceOnReceive(this PublishOptions publishOptions)
    {
        ArgumentNullException.ThrowIfNull(publishOptions);
        publishOptions.ContinuesTrace = true;
    }

    public static void StartNewTraceOnReceive(this SendOptions sendOptions)
    {
        ArgumentNullException.ThrowIfNull(sendOptions);
        sendOptions.NewTrace = true;
    }
}
