using System.Collections;
using System.Globalization;
using Portable.Messaging.Faults;

namespace Portable.Messaging.Recoverability;

/// <summary>What a message is given on its way to the error queue.</summary>
internal static class FaultHeaders
{
    private const int LongestMessage = 16384;

    public static void Add(
        Dictionary<string, string> headers, Exception exception, string queue, string endpoint, HostIdentity host)
    {
        headers[Headers.ProcessingMachine] = host.Machine;
        headers[Headers.ProcessingEndpoint] = endpoint;
        headers[Headers.HostId] = host.Id;
        headers[Headers.HostDisplayName] = host.DisplayName;
        headers[FaultsHeaderKeys.FailedQ] = queue;
        headers[FaultsHeaderKeys.TimeOfFailure] = DateTimeOffsetHelper.ToWireFormattedString(DateTimeOffset.UtcNow);
        headers[FaultsHeaderKeys.ExceptionType] = exception.GetType().FullName!;
        headers[FaultsHeaderKeys.Message] = exception.Message.Length <= LongestMessage
            ? exception.Message
            : exception.Message[..LongestMessage];
        headers[FaultsHeaderKeys.StackTrace] = exception.ToString();
        if (exception.InnerException is { } inner)
        {
            headers[FaultsHeaderKeys.InnerExceptionType] = inner.GetType().FullName!;
        }

        if (exception.HelpLink is { } link)
        {
            headers[FaultsHeaderKeys.HelpLink] = link;
        }

        if (exception.Source is { } source)
        {
            headers[FaultsHeaderKeys.Source] = source;
        }

        foreach (DictionaryEntry entry in exception.Data)
        {
            if (entry.Value is { } value)
            {
                headers[$"NServiceBus.ExceptionInfo.Data.{entry.Key}"] =
                    Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            }
        }
    }
}
