namespace Carillon.Sqlite.Tests.DeadLetters;

[Event("walk.step")]
internal sealed record WalkStep([property: Key] string Walker, int Number);
