using Npgsql;

namespace Projections.Engine.Postgres;

/// <summary>Tells data that PostgreSQL will never take from everything else that can go wrong.</summary>
internal static class DataRefusal
{
    /// <exception cref="StoreRefusedException">
    /// A data exception (22) or a broken constraint (23): to try again changes nothing.
    /// </exception>
    public static async Task Explain(Task writing)
    {
        try
        {
            await writing;
        }
        catch (PostgresException exception) when (IsAboutTheData(exception))
        {
            throw new StoreRefusedException($"PostgreSQL refused the data: {exception.MessageText}", exception);
        }
    }

    private static bool IsAboutTheData(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal)
        || exception.SqlState.StartsWith("23", StringComparison.Ordinal);
}
