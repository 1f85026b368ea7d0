namespace QueryApi.Tests.Running;

internal static class Waiting
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Polls until a condition holds; fails with its name after two minutes.</summary>
    public static async Task Until(string condition, Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (!await holds())
        {
            await Task.Delay(100, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.False(limit.IsCancellationRequested, $"It did not come to this: {condition}.");
        }
    }
}
