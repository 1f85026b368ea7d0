using System.CommandLine;
using Cli.Projections;
using ProjectionControl;

namespace Cli.Check;

/// <summary><c>cqrs check consistency</c>.</summary>
internal static class CheckCommands
{
    private const int MostEntities = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create() => new("check", "Compares what the system shows with what is true.") { Consistency() };

    private static Command Consistency()
    {
        var projections = new Argument<string[]>("PROJECTION")
        {
            Description = "Names, such as order-details (else every one).", Arity = ArgumentArity.ZeroOrMore,
        };
        var sample = new Option<int>("--sample")
        {
            Description = "Entities of each projection, drawn by lot from the log.", DefaultValueFactory = _ => 100,
        };
        sample.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MostEntities)
                result.AddError($"--sample takes a number from 1 to {MostEntities}");
        });
        var repair = new Option<bool>("--repair") { Description = "Set what differs to what the log says." };
        var command = new Command(
            "consistency",
            "Compares rows of the read models with a fold of the log, as of one position. Sums are not compared: a "
            + "rebuild sets them right. Exit code 1: something differs and was not repaired.")
        {
            projections, sample, repair, Output.Json, ProjectionConnection.Option,
        };
        command.SetAction((parsed, token) => ProjectionConnection.Run(parsed, async (operations, cancellationToken) =>
        {
            var states = await Chosen(operations, parsed.GetValue(projections) ?? [], cancellationToken);
            var outcomes = new List<CheckOutcome>();
            foreach (var state in states)
            {
                outcomes.Add(await Check(
                    operations, state, parsed.GetRequiredValue(sample), parsed.GetValue(repair), cancellationToken));
            }

            if (parsed.GetValue(Output.Json))
                Output.WriteJson(outcomes);
            else
                CheckTables.Write(ProjectionTables.Out(), outcomes);
            return ExitCode(outcomes);
        }, token));
        return command;
    }

    private static async Task<IReadOnlyList<ProjectionState>> Chosen(
        ProjectionOperations operations, string[] names, CancellationToken cancellationToken)
    {
        var all = await operations.List(cancellationToken);
        if (names.FirstOrDefault(name => all.All(state => state.Name != name)) is { } unknown)
        {
            throw new InvalidDataException(
                $"there is no projection '{unknown}'; there are: {string.Join(", ", all.Select(state => state.Name))}");
        }

        return names.Length == 0 ? all : [.. all.Where(state => names.Contains(state.Name))];
    }

    private static async Task<CheckOutcome> Check(
        ProjectionOperations operations, ProjectionState state, int sample, bool repair,
        CancellationToken cancellationToken)
    {
        if (state.Instances.Count == 0)
            return new CheckOutcome(state.Name, null, "no instance that fills it is running", IsAnswered: false);
        var by = $"{Environment.UserName}@{Environment.MachineName}";
        var request = await operations.Check(state.Name, sample, repair, by, cancellationToken);
        return await operations.Answer(request, Patience, cancellationToken) switch
        {
            null => new CheckOutcome(
                state.Name, null, $"no instance has answered in {Patience.TotalMinutes} minutes", IsAnswered: false),
            { Failed: true, Words: var why } => new CheckOutcome(state.Name, null, why, IsAnswered: true),
            { Words: var report } => new CheckOutcome(state.Name, CheckReport.FromJson(report), null, IsAnswered: true),
        };
    }

    private static int ExitCode(IReadOnlyList<CheckOutcome> outcomes) =>
        outcomes.Any(one => one.Report is { Repaired: false, Differences.Count: > 0 }) ? ExitCodes.Failed
        : outcomes.Any(one => !one.IsAnswered) ? ExitCodes.Unavailable
        : outcomes.Any(one => one.Report is null) ? ExitCodes.Failed
        : ExitCodes.Success;
}

/// <summary>What became of the check of one projection.</summary>
/// <param name="Report">Null: it was not checked.</param>
/// <param name="Trouble">Why not.</param>
internal sealed record CheckOutcome(string Projection, CheckReport? Report, string? Trouble, bool IsAnswered);
