namespace Carillon.Tests.Hosting;

[Event("step.taken")]
internal sealed record StepTaken([property: Key] string? Walker, int Number);

[Event("walk.ended")]
internal sealed record WalkEnded([property: Key] string Walker);

[Command("walk.start")]
internal sealed record StartWalk([property: Key] string Walker);
