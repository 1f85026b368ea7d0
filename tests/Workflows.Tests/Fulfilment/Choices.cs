namespace Workflows.Tests.Fulfilment;

/// <summary>
/// Everything that is left to chance in a run, as a list of numbers: made from a seed, or given, which repeats a run
/// and lets a shorter one be tried. Beyond the end of a given list the last option is taken: things go on, nobody
/// answers.
/// </summary>
internal sealed class Choices
{
    private readonly Random? random;
    private readonly IReadOnlyList<int> given = [];
    private readonly List<int> taken = [];

    public Choices(int seed) => random = new Random(seed);

    public Choices(IReadOnlyList<int> given) => this.given = given;

    /// <summary>What was chosen so far.</summary>
    public IReadOnlyList<int> Taken => taken;

    /// <summary>One of so many options, counted from 0.</summary>
    public int Of(int options)
    {
        var choice = random?.Next(options)
            ?? (taken.Count < given.Count ? Math.Min(given[taken.Count], options - 1) : options - 1);
        taken.Add(choice);
        return choice;
    }

    /// <summary>
    /// A shorter list that fails as this one does: parts are left out, from the large to the small, as long as what
    /// remains still fails.
    /// </summary>
    public static async Task<IReadOnlyList<int>> Shrink(
        IReadOnlyList<int> failing, Func<IReadOnlyList<int>, Task<bool>> fails)
    {
        for (var size = (failing.Count / 2) + 1; size > 0; size = size == 1 ? 0 : (size + 1) / 2)
        {
            for (var start = 0; start < failing.Count;)
            {
                List<int> shorter = [.. failing.Take(start), .. failing.Skip(start + size)];
                if (await fails(shorter))
                    failing = shorter;
                else
                    start += size;
            }
        }

        return failing;
    }
}
