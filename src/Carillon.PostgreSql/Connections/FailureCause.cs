namespace Carillon.PostgreSql;

/// <summary>What an error means.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="What">What happened and what to do, without a full stop.</param>
/// <param name="IsTransient">Whether the same may succeed before long without anybody changing anything.</param>
/// <param name="ConcernsAll">Whether everything else would fail the same way now.</param>
/// <param name="BreaksConnection">Whether the connection ended with it, so that the answer to what was sent last never came.</param>
internal readonly record struct FailureCause(string Code, string What, bool IsTransient, bool ConcernsAll, bool BreaksConnection = false);
