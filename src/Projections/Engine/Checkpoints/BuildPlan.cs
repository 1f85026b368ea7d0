namespace Projections.Engine.Checkpoints;

/// <summary>What a program with a declaration has to do about the builds that there are.</summary>
/// <param name="Live">The live build, where it is this declaration's: to be kept up to date.</param>
/// <param name="Building">The build of this declaration that is to take its place.</param>
/// <param name="MustAdd">There is nothing to fill yet: a build is to be made.</param>
/// <param name="Trouble">What an operator should know; null: nothing.</param>
internal sealed record BuildPlan(Build? Live, Build? Building, bool MustAdd, string? Trouble)
{
    /// <param name="builds">The newest first.</param>
    public static BuildPlan Of(IReadModel model, IReadOnlyList<Build> builds)
    {
        var live = builds.FirstOrDefault(build => build.State == BuildState.Live);
        var building = builds.FirstOrDefault(build => build.State == BuildState.Building && build.IsOf(model));
        if (live is null)
            return new(null, building, MustAdd: building is null, Trouble: null);
        if (live.IsOf(model))
            return new(live, building, MustAdd: false, Trouble: null);
        if (building is not null)
            return new(null, building, MustAdd: false, Trouble: null);
        if (live.Version > model.Version)
        {
            return new(null, null, MustAdd: false,
                $"{model.Name} is live with version {live.Version}, this program declares version {model.Version}: "
                + "an older program stands by. Update it, or raise its version.");
        }

        return live.Version < model.Version || live.Store != model.Store
            ? new(null, null, MustAdd: true, Trouble: null)
            : new(null, null, MustAdd: false,
                $"The declaration of {model.Name} was changed, but its version is still {model.Version}: the model "
                + "stands still, so that nothing is mixed. Rebuild it (cqrs projection rebuild "
                + $"{model.Name}), or raise its version, and it is filled anew beside the one that readers see.");
    }
}
