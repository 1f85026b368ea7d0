using Commerce.Contracts;
using Commerce.Contracts.Operations;
using Npgsql;
using QueryApi.Consistency;
using QueryApi.Stores;

namespace QueryApi.Operations;

/// <summary>How far every projection has come: the page to look at when an answer seems old.</summary>
internal sealed class GetProjections(ReadModels models) : EndpointWithoutRequest<Listing<ProjectionStatus>>
{
    private static readonly string Select = Sql.Of<GetProjections>();

    public override void Configure()
    {
        Get("/status/projections");
        AllowAnonymous();
        Description(route => route.AsQuery("Operations"));
        Summary(summary => summary.Summary = "Per projection: version, state, position, lag in events and seconds.");
    }

    public override async Task HandleAsync(CancellationToken cancellationToken)
    {
        var projections = await models.Query(Select, [], ReadAll, cancellationToken);
        await Send.ResultAsync(new Answer<Listing<ProjectionStatus>>(new Listing<ProjectionStatus>(projections)));
    }

    private static async Task<List<ProjectionStatus>> ReadAll(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<ProjectionStatus> projections = [];
        while (await reader.ReadAsync(cancellationToken))
            projections.Add(Read(reader));
        return projections;
    }

    private static ProjectionStatus Read(NpgsqlDataReader row)
    {
        var (position, head) = (row.GetInt64(3), row.GetInt64(4));
        var error = row.IsDBNull(8) ? null : row.GetString(8);
        return new ProjectionStatus(
            Name: row.GetString(0),
            Store: row.GetString(1),
            Version: row.GetInt32(2),
            State: error is not null ? "stopped" : position < head ? "catching-up" : "live",
            Position: position,
            Head: head,
            LagEvents: Math.Max(0, head - position),
            LagSeconds: row.IsDBNull(5) ? null : Math.Max(0, Math.Round(row.GetTimeSpan(5).TotalSeconds, 3)),
            ParkedStreams: row.GetInt64(6),
            LastEventAt: row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
            Error: error);
    }
}
