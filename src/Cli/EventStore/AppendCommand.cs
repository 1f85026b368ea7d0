using System.CommandLine;
using System.Globalization;
using EventStore;

namespace Cli.EventStore;

/// <summary><c>cqrs event-store append STREAM</c>: events from JSON.</summary>
internal static class AppendCommand
{
    private static readonly Argument<string> Stream = new("STREAM") { Description = "Such as product/demo/85123A" };

    private static readonly Option<FileInfo?> File = new("--file")
    {
        Description = "A file with the events; without it, or with -, standard input.",
    };

    private static readonly Option<ExpectedVersion> Expect = new("--expect")
    {
        Description = "Append only if the stream is there: a version, none (no stream), exists, or any.",
        DefaultValueFactory = _ => ExpectedVersion.Any,
        CustomParser = result => ParseExpected(result.Tokens[0].Value) is { } expected
            ? expected
            : Refuse(result, $"--expect takes a version, none, exists or any, was '{result.Tokens[0].Value}'"),
    };

    private static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "Whose events they are; without it, the second part of the stream's name.",
    };

    private static readonly Option<string?> User = new("--user") { Description = "Who asked for it; kept with the events." };

    private static readonly Option<Guid?> CommandId = new("--command-id")
    {
        Description = "Makes it repeatable: the same id appends to the same stream once. New where it is left out.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Check everything, write nothing." };

    public static Command Create()
    {
        var command = new Command("append", "Appends events to a stream from JSON, all or none.")
        {
            Stream, File, Expect, Tenant, User, CommandId, DryRun, Output.Json,
        };
        command.WithConnection().Explained(
            """
            Appends events to a stream, all or none. The log takes facts as they are: no rule of the domain is asked, and
            nothing is published on the bus (projections find the events in the log; sagas do not). Use it to mend and to
            try; to do business, send commands.

            The input is JSON: one event, an array of events, or one after the other, each
              {"type": "product-renamed", "data": {"tenant": "demo", "sku": "85123A", "name": "Lantern"}}
            Members of data are checked strictly. Any error names its line and appends nothing.

            Examples:
              echo '{"type":"product-discontinued","data":{"tenant":"demo","sku":"85123A"}}' |
                cqrs event-store append product/demo/85123A --expect 3
              cqrs event-store append product/demo/85123A --file events.json --dry-run
              cqrs event-store stream order/demo/… | cqrs event-store append order/demo/… --connection "$OTHER"
            """);
        command.SetGuardedAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var stream = parsed.GetRequiredValue(Stream);
        await using var store = OpenStore.From(parsed);
        var (input, source) = await ReadInput(parsed.GetValue(File), cancellationToken);
        var events = AppendInput.Read(input.Span, new EventJson(store.Types), source);
        var request = new AppendRequest(
            [new StreamAppend(stream, parsed.GetValue(Expect), [.. events.Select(e => e.Data)])],
            new EventMetadata(
                parsed.GetValue(CommandId) ?? Guid.CreateVersion7(),
                parsed.GetValue(Tenant) ?? TenantOf(stream),
                DateTimeOffset.UtcNow,
                User: parsed.GetValue(User) ?? $"cqrs/{Environment.UserName}"));

        await using var connection = await store.DataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await store.Events.Append(request, transaction, cancellationToken);
        if (result is not Appended appended)
        {
            await Console.Error.WriteLineAsync($"cqrs: {Describe(result)} Nothing was appended.");
            return ExitCodes.Failed;
        }
        var dry = parsed.GetValue(DryRun);
        if (!dry)
            await transaction.CommitAsync(cancellationToken);
        Report(parsed, stream, request.Metadata.CommandId, events.Count, appended, dry);
        return ExitCodes.Success;
    }

    private static void Report(
        ParseResult parsed, string stream, Guid commandId, int count, Appended appended, bool dry)
    {
        if (parsed.GetValue(Output.Json))
        {
            Output.WriteJson(new
            {
                Stream = stream,
                Events = count,
                Version = appended.Versions[0],
                Positions = dry ? null : appended.Positions,
                CommandId = commandId,
                DryRun = dry,
            });
            return;
        }
        Console.Out.WriteLine(dry
            ? $"{count} events would bring {stream} to version {appended.Versions[0]}. Nothing was written."
            : $"{count} events appended to {stream}, now at version {appended.Versions[0]}, last position "
                + $"{appended.Position} (command {commandId}).");
    }

    private static string Describe(AppendResult result) => result switch
    {
        VersionConflict conflict =>
            $"'{conflict.Stream}' was expected at {conflict.Expected}, it is at version {conflict.Actual}.",
        StreamTombstoned closed =>
            $"'{closed.Stream}' was closed for good by {closed.By} on {closed.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"
            + $"{(closed.Reason is { } reason ? $" ({reason})" : "")}.",
        KeyTaken taken => $"The key '{taken.Key}' belongs to '{taken.Owner}'.",
        _ => $"Refused: {result}.",
    };

    private static async Task<(ReadOnlyMemory<byte> Bytes, string Source)> ReadInput(
        FileInfo? file, CancellationToken cancellationToken)
    {
        var fromFile = file is not null && file.ToString() != "-";
        if (!fromFile && !Console.IsInputRedirected)
            throw new InvalidDataException("No events: give --file, or pipe them in.");
        await using var input = fromFile ? file!.OpenRead() : Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await input.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > AppendInput.MaxBytes)
            {
                throw new InvalidDataException(
                    $"More than {AppendInput.MaxBytes / 1024 / 1024} MB are too much for one append: divide the events.");
            }
        }
        return (bytes.ToArray(), fromFile ? file!.Name : "standard input");
    }

    private static string TenantOf(string stream) => stream.Split('/') is [_, { Length: > 0 } tenant, ..]
        ? tenant
        : throw new InvalidDataException($"'{stream}' names no tenant (kind/tenant/id): give --tenant.");

    private static ExpectedVersion? ParseExpected(string text) => text switch
    {
        "any" => ExpectedVersion.Any,
        "none" => ExpectedVersion.NoStream,
        "exists" => ExpectedVersion.StreamExists,
        _ => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? ExpectedVersion.Exactly(version)
            : null,
    };

    private static ExpectedVersion Refuse(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
