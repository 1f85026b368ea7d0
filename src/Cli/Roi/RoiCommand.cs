using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cli.EventStore;

namespace Cli.Roi;

/// <summary><c>cqrs roi</c>: does CQRS pay for this load?</summary>
internal static class RoiCommand
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static readonly Option<string?> File = new("--file")
    {
        Description = "JSON file with assumptions; those it leaves out have their defaults.",
    };

    private static readonly (Option<double?> Option, Func<RoiAssumptions, double, RoiAssumptions> With)[] Flags =
    [
        (Flag("--reads", "Queries per second, on average."), (a, value) => a with { ReadsPerSecond = value }),
        (Flag("--writes", "Commands per second, on average."), (a, value) => a with { WritesPerSecond = value }),
        (Flag("--peak", "The busiest hour against the average."), (a, value) => a with { PeakFactor = value }),
        (Flag("--models", "Read models."), (a, value) => a with { Models = (int)value }),
        (Flag("--cache-hits", "Share of queries that the cache answers, 0 to 1."), (a, value) => a with { CacheHits = value }),
        (Flag("--data-gb", "Size of the current data."), (a, value) => a with { DataGigabytes = value }),
        (Flag("--core-hour", "Price of a core for an hour."), (a, value) => a with { PricePerCoreHour = value }),
        (Flag("--gb-month", "Price of a gigabyte for a month."), (a, value) => a with { PricePerGigabyteMonth = value }),
        (Flag("--engineer-hour", "Price of an engineer's hour."), (a, value) => a with { PricePerEngineerHour = value }),
        (Flag("--extra-hours", "Hours of care a month beyond those of a plain system."), (a, value) => a with { ExtraHoursPerMonth = value }),
        (Flag("--saved-hours", "Hours a month that the log saves: audit, history, reports on the past."), (a, value) => a with { HoursSavedPerMonth = value }),
    ];

    public static Command Create()
    {
        var command = new Command("roi", "Does CQRS pay for a load? Costs with and without, break-even, and what matters most.")
        {
            File, Output.Json,
        };
        foreach (var (option, _) in Flags)
            command.Options.Add(option);
        command.Explained(
            """
            Compares a month of this system with a month of one database that takes writes and answers queries. Costs are
            CPU time per operation, storage and people; prices are in whatever currency they are given in. What cannot be
            counted (history, audit, teams that work apart, models made anew from the log) is left out, but for
            --saved-hours.

            Every assumption can be set in a file, under the names that --json prints in "assumptions":
              cqrs roi --json > roi.json     # then keep its "assumptions", change them, and
              cqrs roi --file mine.json

            docs/roi.md says what is measured and what is assumed.

            Exit codes: 0 computed; 2 bad input.

            Examples:
              cqrs roi --reads 2000 --writes 50
              cqrs roi --reads 50 --writes 5 --engineer-hour 120 --saved-hours 10
            """);
        command.SetGuardedAction((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var assumptions = parsed.GetValue(File) is { } file ? Read(file) : new RoiAssumptions();
        foreach (var (option, with) in Flags)
        {
            if (parsed.GetValue(option) is { } value)
                assumptions = with(assumptions, value);
        }
        Check(assumptions);
        var result = RoiModel.Compute(assumptions);
        if (parsed.GetValue(Output.Json))
            Output.WriteJson(result);
        else
            RoiReport.Write(result, Console.Out);
        return ExitCodes.Success;
    }

    private static RoiAssumptions Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<RoiAssumptions>(System.IO.File.ReadAllText(file), Format)
                ?? throw new InvalidDataException($"'{file}' holds null, not assumptions.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{file}' cannot be read: {exception.Message}", exception);
        }
    }

    private static void Check(RoiAssumptions assumptions)
    {
        foreach (var property in typeof(RoiAssumptions).GetProperties())
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = Convert.ToDouble(property.GetValue(assumptions), CultureInfo.InvariantCulture);
            if (!double.IsFinite(value) || value < 0)
                throw new InvalidDataException($"{name} has to be a number from 0 up, was {value}.");
            if (name is "cacheHits" or "plainCacheHits" or "utilization" && value > 1)
                throw new InvalidDataException($"{name} is a share, 0 to 1, was {value.ToString(CultureInfo.InvariantCulture)}.");
        }
        if (assumptions.Utilization == 0)
            throw new InvalidDataException("utilization has to be above 0: no core would do anything.");
    }

    private static Option<double?> Flag(string name, string description) => new(name) { Description = description };
}
