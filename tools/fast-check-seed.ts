// Properties run on one fixed seed, so that a commit is green or red for everybody; EVERYNODE_SEED draws others. Fresh cases are the fuzz door's job.
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['EVERYNODE_SEED'] ?? 731) })
