namespace Messaging.Contract.Tests;

internal static class Poll
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Task Until(Func<Task<bool>> condition, string what) => Until(condition, Patience, () => what);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static async Task Until(Func<Task<bool>> condition, TimeSpan patience, Func<string> what)
    {
        var end = DateTime.UtcNow + patience;
        while (!await condition())
        {
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"It did not come to pass within {patience.TotalSeconds} s: {what()}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
