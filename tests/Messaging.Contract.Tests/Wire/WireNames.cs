using System.Globalization;
using System.Text.RegularExpressions;

namespace Messaging.Contract.Tests.Wire;

/// <summary>Names for what differs from run to run.</summary>
internal sealed partial class WireNames
{
    private readonly Dictionary<string, string> ids = [];

    /// <summary>The id that has this name.</summary>
    public string IdOf(string name) => ids.Single(id => id.Value == name).Key;

    /// <summary>The value of a header, named where it is of this run only.</summary>
    public string Of(string header, string value) => header switch
    {
        "NServiceBus.Version" => "{version}",
        "$.diagnostics.originating.hostid" or "$.diagnostics.hostid" =>
            Hex().IsMatch(value) ? "{host}" : value,
        "NServiceBus.OriginatingMachine" or "NServiceBus.ProcessingMachine" or "$.diagnostics.hostdisplayname" =>
            value == Environment.MachineName ? "{machine}" : value,
        "NServiceBus.ExceptionInfo.StackTrace" => "{stack}",
        _ when Time().IsMatch(value) => "{time}",
        _ => OfIds(value),
    };

    /// <summary>A text with names for the GUIDs in it.</summary>
    public string OfIds(string text) => Id().Replace(text, match =>
    {
        if (!ids.TryGetValue(match.Value, out var name))
            ids.Add(match.Value, name = string.Create(CultureInfo.InvariantCulture, $"{{id-{ids.Count + 1}}}"));
        return name;
    });

    /// <summary>A value that the name could stand for.</summary>
    public static string Sample(string name) => name switch
    {
        "{version}" => "10.2.8",
        "{host}" => Guid.NewGuid().ToString("N"),
        "{machine}" => "elsewhere",
        "{stack}" => "at Somewhere",
        "{time}" => DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss:ffffff Z", CultureInfo.InvariantCulture),
        _ => Guid.NewGuid().ToString(),
    };

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{6} Z$")]
    private static partial Regex Time();

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Hex();
}
