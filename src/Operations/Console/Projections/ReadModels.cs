using Npgsql;
using ProjectionControl;

namespace Operations.Console.Projections;

/// <summary>The database of the read models, which this service may have been started without.</summary>
internal sealed class ReadModels(NpgsqlDataSource? database)
{
    /// <summary>The name of its connection string.</summary>
    public const string Database = "readmodels";

    /// <summary>What is said where it is not known.</summary>
    public const string Unknown =
        "The database of the read models is not known: set ConnectionStrings__readmodels and start Operations anew.";

    /// <summary>Null: the database is not known.</summary>
    public ProjectionOperations? Operations { get; } = database is null ? null : new ProjectionOperations(database);
}
