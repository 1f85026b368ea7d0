using System.Text.Json;

namespace Operations.Bench;

/// <summary>An operation on the group that all messages are in.</summary>
internal sealed class GroupOperation(OperationsProcess operations)
{
    private const string Groups = "recoverability/groups/Endpoint%20Name";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly HashSet<string> seen = [];

    /// <summary>How many different steps and shares an operator would have seen who looks four times a second.</summary>
    public int StepsSeen => seen.Count;

    public static async Task<string> IdOf(OperationsProcess operations) =>
        (await operations.Get(Groups)).EnumerateArray().Single().GetProperty("id").GetString()!;

    /// <summary>Starts it and waits until the group says that it is done.</summary>
    public async Task Run(string group, string verb, string done)
    {
        await operations.Post($"recoverability/groups/{group}/errors/{verb}");
        using var limit = new CancellationTokenSource(Patience);
        while (!await IsDone(group, done))
            await Task.Delay(250, limit.Token);
    }

    private async Task<bool> IsDone(string group, string done)
    {
        var found = (await operations.Get(Groups)).EnumerateArray()
            .FirstOrDefault(one => one.GetProperty("id").GetString() == group);
        if (found.ValueKind == JsonValueKind.Undefined)
            return false;
        var status = found.GetProperty("operation_status").GetString()!;
        seen.Add($"{status} {found.GetProperty("operation_progress").GetDouble()}");
        return status == done;
    }
}
