using Npgsql;

namespace Portable.Messaging.Persistence.Sql;

/// <summary>Lets many callers share a round trip: what is asked while one is under way goes together in the next. Nobody
/// waits for a timer, and nothing is queued beyond the callers' own number.</summary>
/// <param name="answer">Answers a batch, in its order.</param>
/// <param name="largest">Most questions in one round trip.</param>
internal sealed class Gathering<TAsk, TAnswer>(Func<IReadOnlyList<TAsk>, Task<TAnswer[]>> answer, int largest)
{
    private readonly Lock gate = new();
    private readonly Queue<Question> waiting = [];
    private bool asking;

    /// <summary>The answer; fails as the round trip failed.</summary>
    public Task<TAnswer> Ask(TAsk ask)
    {
        var question = new Question(ask);
        lock (gate)
        {
            waiting.Enqueue(question);
            if (asking)
            {
                return question.Task;
            }

            asking = true;
        }

        _ = AskAll();
        return question.Task;
    }

    private async Task AskAll()
    {
        while (Next() is { Length: > 0 } batch)
        {
            await Answer(batch);
        }
    }

    private async Task Answer(Question[] batch)
    {
        try
        {
            var answers = await answer([.. batch.Select(q => q.Ask)]);
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i].SetResult(answers[i]);
            }
        }
        catch (PostgresException) when (batch.Length > 1)
        {
            // The server refused the statement, perhaps for the sake of one of them: nobody else shall suffer for it.
            foreach (var question in batch)
            {
                await Answer([question]);
            }
        }
        catch (Exception e)
        {
            // Whoever asked decides what becomes of it.
            Array.ForEach(batch, q => q.SetException(e));
        }
    }

    private Question[] Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                asking = false;
                return [];
            }

            var batch = new Question[Math.Min(waiting.Count, largest)];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = waiting.Dequeue();
            }

            return batch;
        }
    }

    private sealed class Question(TAsk ask)
        : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TAsk Ask => ask;
    }
}
